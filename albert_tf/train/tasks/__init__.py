"""Tasks to fine-tune on, one file a kind; `task.py` says what a task is."""
