"""The folder of a run: its settings, its end, and who may write to it."""

import csv
import dataclasses
import hashlib
import json
import shutil
from pathlib import Path

from albert_tf.files import written_aside

SETTINGS_FILE = "finetune.json"
HISTORY_FILE = "history.csv"
RESULT_FILE = "result.json"
STATE_FOLDER = "state"
LOGS_FOLDER = "logs"
# What a run leaves, the model first; a new run replaces it.
_FILES = (
    "model.safetensors",
    "config.json",
    "task.json",
    "early_exit.json",
    "learning_curve.png",
    "confusion.png",
    HISTORY_FILE,
    RESULT_FILE,
)
# Options that may change between an interrupted run and its continuation.
_FREE = {"output", "resume", "overwrite"}


class RunFolder:
    """Where a run keeps its settings, history, state and result.

    Args:
        path: of the folder.
        settings_file: str. Name of the file of settings.
        files: names of what else a run leaves, the model first; a new run
            replaces it.
        state_folder: str. Name of the folder to go on from.
        free: names of options that may change on resuming.
    """

    def __init__(
        self,
        path,
        *,
        settings_file=SETTINGS_FILE,
        files=_FILES,
        state_folder=STATE_FOLDER,
        free=_FREE,
    ):
        self.path = Path(path)
        self._settings_file = settings_file
        self._files = files
        self._state_folder = state_folder
        self._free = free

    def check_writable(self, *, is_overwritten, model=None, is_inner=False):
        """Refuses a folder with anything in it, unless told to replace it.

        Args:
            is_overwritten: bool. Whether an earlier run may be replaced.
            model: str or None. What the run is to start from.
            is_inner: bool. Whether it is one of several runs', in a folder
                that is checked. Then files that no run writes may be there.

        Raises:
            ValueError: it is a file, or not empty; what is to be replaced is
                no run, or what the new one starts from.
        """
        if self.path.exists() and not self.path.is_dir():
            raise ValueError(
                f"{self.path} is a file. Expected a directory to write to; "
                "choose another name."
            )
        is_full = self.path.is_dir() and any(self.path.iterdir())
        is_taken = is_full and not (is_inner and self._is_free())
        if is_taken and not is_overwritten:
            raise ValueError(
                f"{self.path} is not empty. Pass --resume to go on with the "
                "run in it, --overwrite to remove what it holds of runs, or "
                "choose another directory."
            )
        if is_taken and not self._holds_run():
            raise ValueError(
                f"{self.path} holds no model or run that --overwrite could "
                "replace. Choose another directory."
            )
        if is_full and model is not None and _lies_in(model, self.path):
            raise ValueError(
                f"{model} is what the run starts from, and would be "
                "replaced. Choose another directory to write to."
            )

    def _is_free(self):
        """Whether nothing is here that a run would replace."""
        folders = (LOGS_FOLDER, self._state_folder)
        names = (*self._files, self._settings_file, *folders)
        return not any((self.path / name).exists() for name in names)

    def _holds_run(self):
        """Whether a run is here, or those of several seeds."""
        names = (self._files[0], self._settings_file, RESULT_FILE)
        return any((self.path / name).exists() for name in names) or any(
            self.path.glob(f"seed-*/{self._settings_file}")
        )

    def start(self, settings):
        """Makes the folder ready for a new run and writes its settings.

        Args:
            settings: dict, as `run_settings` returns it.

        Raises:
            ValueError: it cannot be written.
        """
        try:
            if self.path.exists():
                self.remove_run()
            self.path.mkdir(parents=True, exist_ok=True)
            text = json.dumps(settings, indent=1, ensure_ascii=False)
            path = self.path / self._settings_file
            path.write_text(text + "\n", encoding="utf-8")
        except OSError as error:
            raise ValueError(
                f"Cannot write to {self.path}: {error.strerror}. Choose a "
                "directory that you may write to."
            ) from error

    def check_same(self, settings):
        """Compares with the run to go on with.

        Args:
            settings: dict, as `run_settings` returns it.

        Raises:
            ValueError: there is none, or an option or the data differs; all
                differences are listed.
        """
        path = self.path / self._settings_file
        if not path.exists():
            raise ValueError(
                f"{self.path} holds no run to resume ({path.name} is "
                "missing). Leave --resume out to start one."
            )
        before = _flat(_read(path))
        now = _flat(json.loads(json.dumps(settings)))
        differences = [
            f"{name} was {before.get(name)!r}, is {now.get(name)!r}"
            for name in dict.fromkeys([*now, *before])
            if name not in self._free and before.get(name) != now.get(name)
        ]
        if differences:
            raise ValueError(
                f"Cannot resume {self.path} with other settings or data: "
                f"{'; '.join(differences)}. Give the same, or start anew "
                "with --overwrite."
            )

    def result(self):
        """Returns the dict that a run ended with, or None if it has not."""
        path = self.path / RESULT_FILE
        return _read(path) if path.exists() else None

    def finish(self, result):
        """Marks a run as over and removes its state.

        Args:
            result: dict that JSON holds.
        """
        with written_aside(self.path / RESULT_FILE) as path:
            path.write_text(json.dumps(result, indent=1) + "\n")
        self.remove_state()

    def what_is_kept(self, settings, last="the last evaluation"):
        """Returns what to tell the user of an interrupted run.

        Args:
            settings: dict, as of the run.
            last: str. What to call the last evaluation.
        """
        nothing = "before the first evaluation nothing is kept."
        if not any((self.path / self._state_folder).glob("[!.]*")):
            return nothing
        try:
            self.check_same(settings)
        except ValueError:
            return nothing  # It is of the run that was to be replaced.
        return (
            f"what was trained up to {last} is kept. Give the same command "
            "with --resume to go on from there."
        )

    def remove_run(self):
        """Removes what a run leaves; its tokenizer and all else stay."""
        for name in (*self._files, self._settings_file):
            (self.path / name).unlink(missing_ok=True)
        shutil.rmtree(self.path / LOGS_FOLDER, ignore_errors=True)
        self.remove_state()

    def remove_state(self):
        """Removes what an interrupted run would go on from."""
        shutil.rmtree(self.path / self._state_folder, ignore_errors=True)

    def add_history(self, row):
        """Adds a row to the history.

        Args:
            row: dict of numbers by name, the same names each time.
        """
        path = self.path / HISTORY_FILE
        is_new = not path.exists()
        with open(path, "a", newline="") as file:
            writer = csv.DictWriter(file, fieldnames=list(row))
            if is_new:
                writer.writeheader()
            writer.writerow(row)

    def cut_history(self, num_epochs):
        """Drops the rows of evaluations that will run again."""
        path = self.path / HISTORY_FILE
        if not path.exists():
            return
        with open(path, newline="") as file:
            rows = list(csv.DictReader(file))
        kept = [row for row in rows if int(row["epoch"]) < num_epochs]
        if not kept:
            path.unlink()
            return
        with written_aside(path) as aside, open(aside, "w", newline="") as file:
            writer = csv.DictWriter(file, list(kept[0]))
            writer.writeheader()
            writer.writerows(kept)


def run_settings(options, data, labels=None):
    """Returns what fixes a run: its options, and its data by content.

    Args:
        options: FineTuneOptions.
        data: dict of lists of examples by name.
        labels: list of str or None.

    Returns:
        dict that JSON holds.
    """
    return {
        **dataclasses.asdict(options),
        "content": {
            f"{name} data": f"{len(examples)} rows, {_digest(examples)}"
            for name, examples in data.items()
        }
        | {"labels in order": labels},
    }


def _read(path):
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(fields, dict):
            raise ValueError("it holds no object")
    except ValueError as error:
        raise ValueError(
            f"{path} is broken: {error}. Start anew with --overwrite."
        ) from error
    return fields


def _lies_in(model, folder):
    """Whether a model to start from is a folder, or files in it."""
    place = Path(model)
    if place.is_dir():
        return place.resolve() == folder.resolve()
    # Google's are named by what their files' names begin with.
    return place.parent.resolve() == folder.resolve() and any(
        path.name.startswith(place.name) for path in folder.iterdir()
    )


def _digest(examples):
    """Returns a short hash of examples, wherever their file is."""
    digest = hashlib.sha256()
    for example in examples:
        fields = dataclasses.asdict(example)
        fields.pop("place", None)
        digest.update(repr(fields).encode("utf-8", "surrogatepass"))
    return f"sha256 {digest.hexdigest()[:12]}"


def _flat(settings):
    """Returns settings with those of the task and the data one level up."""
    flat = dict(settings)
    for name in ("settings", "content"):
        flat.update(flat.pop(name, {}))
    return flat
