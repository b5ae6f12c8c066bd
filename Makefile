# make demo  sets up .venv and runs the main job from training to device
# make test  sets up .venv and runs the tests, Kotlin's if JDK 17 is there
# make bench measures beside the peers, and makes a page; 20 minutes, 6 GB
# make lint  checks style and types
# make docs  builds the guide into build/site; a warning is an error
# make test-android  runs the Kotlin tests; needs JDK 17 and Maven
# make test-arm  runs the demo's files on emulated Arm; needs mmdebstrap, root
# make test-app  runs the Android app's tests; fetches 550 MB the first time
# make apk  builds, signs and checks the app's APK
# make android-assets  trains the models that the Android app ships

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
DEMO := build/demo
DATA := examples/home_intents
PEERS := build/peers
# Empty where there is no tflite-runtime: it has no wheels for Python 3.12.
OLDER = $(shell $(BIN)/python -c 'import tflite_runtime' 2>/dev/null \
  && echo $(DEMO)/intents-2.14.tflite)
PIP := $(BIN)/pip --disable-pip-version-check --no-input install --quiet

.PHONY: demo test test-android test-arm test-app apk android-assets bench lint docs clean

demo: $(VENV)/.demo-ready
	$(BIN)/albert finetune --overwrite --output $(DEMO)/model \
	  --train $(DATA)/train.tsv --dev $(DATA)/dev.tsv \
	  --model models/albert_mini_en \
	  --epochs 20 --patience 8 --batch-size 16
	$(BIN)/python export/to_tflite.py --overwrite \
	  --model $(DEMO)/model --output $(DEMO)/intents.tflite
	$(if $(OLDER),$(BIN)/python export/to_tflite.py --overwrite \
	  --target tflite-runtime --model $(DEMO)/model --output $(OLDER), \
	  @echo 'no tflite-runtime: its file is left out')
	$(BIN)/python export/to_tflite.py --quantize float32 --overwrite \
	  --model $(DEMO)/model --output $(DEMO)/intents-float32.tflite
	$(BIN)/python -m export.compare --model $(DEMO)/model \
	  --data $(DATA)/test.tsv \
	  $(DEMO)/intents.tflite $(OLDER) $(DEMO)/intents-float32.tflite
	@echo
	@echo 'Try it:'
	@echo '  $(BIN)/python -m albert_tf.edge classify $(DEMO)/intents.tflite "it is far too dark in here"'
	@echo 'Train on your own file of labelled texts:'
	@echo '  $(BIN)/albert finetune --train FILE.csv --output my_model'
	@echo '  $(BIN)/python export/to_tflite.py --model my_model --output my_model.tflite'

# The app's model is smaller than the demo's, of a vocabulary of its own.
# Other machines round otherwise: where the model changed, so did the answers
# that the Kotlin tests expect.
android-assets: $(VENV)/.demo-ready
	$(BIN)/albert finetune --overwrite --output $(DEMO)/app_model \
	  --train $(DATA)/train.tsv --dev $(DATA)/dev.tsv \
	  --preset albert_edge_tiny --vocab-size 1000 --dropout 0.1 \
	  --epochs 40 --patience 8 --batch-size 16 --learning-rate 1e-3
	$(BIN)/python export/to_tflite.py --overwrite --target tflite-runtime \
	  --model $(DEMO)/app_model --output $(DEMO)/app.tflite \
	  --android android_demo
	$(BIN)/python -m android_demo.inference.golden.make_golden

# A file of tests a process: they share what takes long to make.
test: $(VENV)/.test-ready
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile
	sh .ci/test-android --optional

test-android:
	sh .ci/test-android

test-arm: demo
	PYTHON=$(BIN)/python sh .ci/test-arm $(DEMO)/intents.tflite $(OLDER)

# Not in CI: Android's classes, fonts and native code are 550 MB.
test-app:
	mvn -q --batch-mode -f android_demo/pom.xml -Papp -pl app -am \
	  -Dtest='org.alberttf.demo.*Test' -Dsurefire.failIfNoSpecifiedTests=false test

apk:
	python3 android_demo/app/make_apk.py

bench: $(VENV)/.test-ready $(PEERS)/.ready
	$(BIN)/python -m benchmarks --peers-python $(PEERS)/bin/python

lint: $(VENV)/.test-ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy albert_tf/config.py albert_tf/files.py albert_tf/command.py \
	  albert_tf/processors.py \
	  albert_tf/text albert_tf/edge export

docs: $(VENV)/.test-ready
	$(BIN)/python -m mkdocs --quiet build --strict
	@echo 'the guide is in build/site/index.html'

clean:
	rm -rf $(VENV) build

# requirements.txt fixes the versions; each goal installs only what it needs.
$(VENV)/.demo-ready: requirements.txt pyproject.toml | $(BIN)/pip
	@echo 'installing what the demo needs (a few minutes)'
	$(PIP) --constraint requirements.txt \
	  --editable '.[train,edge,tflite-runtime]'
	@touch $@

$(VENV)/.test-ready: requirements.txt requirements-dev.txt pyproject.toml | $(BIN)/pip
	@echo 'installing what the tests need (a few minutes)'
	$(PIP) --requirement requirements.txt --requirement requirements-dev.txt \
	  --editable .
	@touch $@ $(VENV)/.demo-ready

# PyTorch and TensorFlow do not go together in one process.
$(PEERS)/.ready: requirements-peers.txt | $(BIN)/pip
	@echo 'installing what is measured beside us (minutes)'
	@PYTHON='$(PYTHON)' VENV='$(PEERS)' sh .ci/make-venv
	$(PEERS)/bin/pip --disable-pip-version-check --no-input install --quiet \
	  --requirement requirements-peers.txt
	@touch $@

$(BIN)/pip:
	@PYTHON='$(PYTHON)' VENV='$(VENV)' sh .ci/make-venv
