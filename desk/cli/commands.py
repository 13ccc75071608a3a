"""Which module holds which command, with its sentence: help needs no more, and a command loads its own module."""

# The order is that of help. A test holds every sentence against the command itself.
MODULES: dict[str, dict[str, str]] = {
    "registers": {
        "init": "Create the books; again: nothing changes.",
        "staff": "Who works here, in which role.",
        "import": "Bring a file into the books: all of it or nothing.",
        "creditor": "Creditors and their IBANs.",
    },
    "month": {
        "run": "Plan a month and write its payment files, up to waiting for approval; again: the same result.",
        "files": "List payment files with their state.",
        "sheet": "Show the approval sheet (opdrachtbrief), computed from the bytes of the file.",
        "approve": "Approve a payment file as the second person.",
        "release": "Hand an approved file over to the bank channel; again: the same bytes.",
        "cancel": "Take a file back before it is released; the next run of its month makes its payments anew.",
        "status": "One month at a glance; default the newest month that was run.",
    },
    "bank": {
        "reconcile": "Read the bank's answers; rejections first, statements by day, each file whole or not at all.",
        "inbox": "Read every new file of an inbox once: moved to processed, or to refused with a note why.",
        "exceptions": "List what the bank said and nothing explains, oldest first.",
        "resolve": "Settle an exception, with its booking and its place in the audit trail; what was parked, once more.",
        "give-back": "Give what is reserved for a fixed cost back to who contributed it; it is never paid after that.",
        "close": "Close a month once bank equals books and nothing is unexplained.",
    },
    "clients": {
        "hold": "Hold every payment in a client's name from the next run on.",
        "unhold": "Lift a hold; what was missed is paid by the next run of its month.",
        "ground": "Legal grounds of a client.",
    },
    "dossier": {
        "dossier": "Everything of one client: grounds, payments, assessments, hand-overs, and what is missing for an end.",
        "event": "Record what happened in a client's life; it counts from the next run on.",
        "period": "Decide what a right that arose again after an interruption means: nothing of it goes by itself.",
        "assess": "Record one assessment of self-reliance; a later one may hold only some codes.",
        "handover": "Give one obligation to the client from a covered month on, or take it back; `proof` records what was seen.",
        "end": "The end of an ontzorgen: proposed, then confirmed by another person.",
    },
    "household": {
        "household": "One family, one plan: every adult of a household, its costs, and what must be decided when.",
        "transfer": "Write what the next gemeente needs of a client who moves there; a package that stands there is never replaced.",
    },
    "worklist": {
        "worklist": "Who needs attention and why, most urgent first.",
        "review": "Keep the worklist of today and make the letters that are due; again: nothing new.",
        "letters": "Write the letters that reviews made as text files; those that stand there already stay.",
    },
    "coverage": {
        "coverage": "Show whose every month of every fixed cost is: ours, in a file, reserved, the client's, or nobody's.",
        "paid-otherwise": "Record who paid a month beside us: no run pays it any more.",
        "catch-up": "Have the next run of a benefit month pay a covered month that no run paid, after what is due itself.",
        "obligation": "What people decide about fixed costs.",
    },
    "forecast": {
        "forecast": "Show the coming benefit months of a household: what is paid, what is not, and what is left to live on.",
        "budget": "Income and costs beside the benefit and the fixed costs.",
    },
    "books": {
        "check": "Prove all books: transfers, contributions, files, clearing, audit trail.",
        "audit": "The audit trail.",
        "export": "Tables for others.",
    },
    "reports": {
        "report": "Overviews for clients, creditors and the council.",
    },
    "tools": {
        "generate": "Write invented input files of any size, valid by the contract.",
        "demo": "Run a whole invented month of three gemeenten, from registers to released payment files.",
        "serve": "Serve the schedules with Prefect until stopped.",
        "fake-bank": "Play the bank: read our files with another reader, answer with camt.053 and pain.002.",
    },
}
MODULE_OF = {command: module for module, commands in MODULES.items() for command in commands}
