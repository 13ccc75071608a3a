"""When things happen: the command line and thin Prefect flows over the same plain functions."""
