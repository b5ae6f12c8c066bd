"""Many devices take the steps that one takes, at the same global batch."""

import json
import os
import socket
import subprocess
import sys

import numpy as np
import pytest

from albert_tf import AlbertConfig
from tests.corpora import documents, write_corpus


@pytest.fixture(scope="module")
def run(small_tokenizer, tmp_path_factory):
    """Returns a function that starts a training in a process."""
    folder = tmp_path_factory.mktemp("distributed")
    texts = documents(small_tokenizer)
    corpus = write_corpus(folder / "corpus", small_tokenizer, texts, [])
    config = AlbertConfig(
        vocab_size=1000,
        embedding_size=16,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=64,
    )
    sizes = folder / "config.json"
    sizes.write_text(json.dumps(config.to_dict()))

    def start(strategy, backend="tensorflow", optimizer="lamb", **variables):
        environment = {**os.environ, "KERAS_BACKEND": backend, **variables}
        module = "tests.train.run_distributed"
        command = [sys.executable, "-m", module, str(corpus), str(sizes)]
        return subprocess.Popen(
            [*command, strategy, optimizer],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return start


def _losses(process):
    output, error = process.communicate(timeout=600)
    assert process.returncode == 0, error[-3000:]
    losses = np.array(json.loads(output.splitlines()[-1]))
    assert len(losses) == 20 and losses[-1] < losses[0] - 0.2
    return losses


@pytest.fixture(scope="module")
def one_device(run):
    return _losses(run("none"))


def test_two_devices(run, one_device):
    got = _losses(run("mirrored"))
    np.testing.assert_allclose(got, one_device, atol=1e-4)


def test_two_devices_by_muon(run):
    one = _losses(run("none", optimizer="muon"))
    two = _losses(run("mirrored", optimizer="muon"))
    np.testing.assert_allclose(two, one, atol=1e-4)


def test_two_workers(run, one_device):
    workers = _free_addresses(2)
    processes = [
        run(
            "multi-worker",
            TF_CONFIG=json.dumps(
                {
                    "cluster": {"worker": workers},
                    "task": {"type": "worker", "index": index},
                }
            ),
        )
        for index in range(2)
    ]
    for process in processes:
        np.testing.assert_allclose(_losses(process), one_device, atol=1e-4)


def _free_addresses(count):
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("localhost", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return [f"localhost:{port}" for port in ports]


@pytest.fixture(scope="module")
def one_device_of_jax(run):
    pytest.importorskip("jax")
    return _losses(run("none", backend="jax"))


def test_eight_devices_of_jax(run, one_device_of_jax):
    eight = run("data-parallel", backend="jax", NUM_DEVICES="8")
    np.testing.assert_allclose(_losses(eight), one_device_of_jax, atol=1e-4)


def test_two_processes_of_jax(run, one_device_of_jax):
    (address,) = _free_addresses(1)
    processes = [
        run(
            "data-parallel",
            backend="jax",
            KERAS_DISTRIBUTION_JOB_ADDRESSES=address,
            KERAS_DISTRIBUTION_NUM_PROCESSES="2",
            KERAS_DISTRIBUTION_PROCESS_ID=str(index),
        )
        for index in range(2)
    ]
    for process in processes:
        got = _losses(process)
        np.testing.assert_allclose(got, one_device_of_jax, atol=1e-4)
