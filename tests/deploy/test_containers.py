"""Dockerfile, compose.yaml and the Kubernetes example fit what they start."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import tomllib
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from api.app import create_app
from rag.settings import FetchSettings, Settings, load_settings
from tests.rag.cli.command import TRIDENT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).parents[2]
INSTRUCTION = re.compile(r"^([A-Z]+) (.*)$", re.MULTILINE)
VARIABLE = re.compile(r"(\w+)=(\S+)")


@pytest.fixture(scope="module")
def final_stage() -> list[tuple[str, str]]:
    """Instructions of the image that runs, with their continued lines."""
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    return INSTRUCTION.findall(text[text.rindex("\nFROM ") :])


@pytest.fixture(scope="module")
def variables(final_stage: list[tuple[str, str]]) -> dict[str, str]:
    (line,) = [rest for name, rest in final_stage if name == "ENV"]
    return dict(VARIABLE.findall(line))


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
    return loaded


@pytest.fixture(scope="module")
def resources() -> dict[str, dict[str, Any]]:
    """The Kubernetes resources by kind."""
    loaded = yaml.safe_load_all((ROOT / "deploy" / "kubernetes.yaml").read_text())
    return {resource["kind"]: resource for resource in loaded}


@pytest.fixture(scope="module")
def pod(resources: dict[str, dict[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = resources["Deployment"]["spec"]["template"]["spec"]
    return found


@pytest.fixture(scope="module")
def paths() -> set[str]:
    return set(create_app(Settings()).openapi()["paths"])


def settings_of(variables: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> Settings:
    """What Trident makes of a container's variables; an unknown one is an error."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return load_settings()


def test_the_image_runs_as_a_user_whom_kubernetes_knows_not_to_be_root(
    final_stage: list[tuple[str, str]], pod: dict[str, Any]
) -> None:
    (user,) = [rest for name, rest in final_stage if name == "USER"]
    uid, gid = map(int, user.split(":"))
    assert uid > 0
    assert pod["securityContext"]["runAsUser"] == uid
    assert pod["securityContext"]["fsGroup"] == gid


def test_the_image_s_variables_are_settings_and_keep_all_that_is_written_on_the_volume(
    variables: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_of(variables, monkeypatch)
    assert settings.encoder.offline
    assert settings.server.host == "0.0.0.0"
    for folder in (settings.store.path, FetchSettings().cache, Path(variables["HOME"])):
        assert folder.is_relative_to("/data")


def test_the_port_is_the_same_everywhere(
    final_stage: list[tuple[str, str]],
    variables: dict[str, str],
    compose: dict[str, Any],
    pod: dict[str, Any],
) -> None:
    port = variables["TRIDENT_SERVER__PORT"]
    assert ("EXPOSE", port) in final_stage
    assert compose["services"]["embedded"]["ports"] == [f"127.0.0.1:{port}:{port}"]
    assert pod["containers"][0]["ports"][0]["containerPort"] == int(port)


def test_what_is_probed_is_a_route(
    final_stage: list[tuple[str, str]], pod: dict[str, Any], paths: set[str]
) -> None:
    (check,) = [rest for name, rest in final_stage if name == "HEALTHCHECK"]
    (container,) = pod["containers"]
    probed = {container[f"{kind}Probe"]["httpGet"]["path"] for kind in ("startup", "readiness")}
    assert probed == {"/readyz"}
    assert container["livenessProbe"]["httpGet"]["path"] == "/livez"
    assert {"/readyz", "/livez"} <= paths
    assert "/readyz" in check


def test_what_the_image_copies_is_there_and_sent_to_the_builder() -> None:
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (ROOT / "Dockerfile").read_text(), re.M)
    sent = {line[1:] for line in (ROOT / ".dockerignore").read_text().split() if line[0] == "!"}
    sources = {source for line in copied for source in line.split()}
    assert sources == sent
    assert all((ROOT / source).exists() for source in sources)


@pytest.mark.parametrize("service", ["embedded", "remote"])
def test_compose_runs_trident_confined_and_for_this_machine_only(
    service: str, compose: dict[str, Any]
) -> None:
    run = compose["services"][service]
    assert run["read_only"] is True
    assert run["cap_drop"] == ["ALL"]
    assert run["security_opt"] == ["no-new-privileges:true"]
    assert all(port.startswith("127.0.0.1:") for port in run["ports"])


def test_compose_points_trident_at_an_infinity_server_that_nobody_else_reaches(
    compose: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    configured = tomllib.loads((ROOT / "deploy" / "infinity_conf.toml").read_text())
    network = configured["network"]
    infinity = compose["services"]["infinity"]
    settings = settings_of(compose["services"]["remote"]["environment"], monkeypatch)
    assert settings.store.uri == f"infinity://infinity:{network['client_port']}"
    assert f":{network['http_port']}/" in infinity["healthcheck"]["test"][-1]
    assert "ports" not in infinity
    assert f"infinity:v{configured['general']['version']}" in infinity["image"]


def test_kubernetes_confines_every_container(pod: dict[str, Any]) -> None:
    assert pod["securityContext"]["runAsNonRoot"] is True
    for container in containers(pod):
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        mounted = {mount["mountPath"] for mount in container["volumeMounts"]}
        assert mounted == {"/data", "/tmp"}


def test_kubernetes_never_runs_two_processes_on_one_database(
    resources: dict[str, dict[str, Any]],
) -> None:
    deployment = resources["Deployment"]["spec"]
    assert deployment["replicas"] == 1
    assert deployment["strategy"] == {"type": "Recreate"}


def test_the_pod_is_what_the_service_selects(resources: dict[str, dict[str, Any]]) -> None:
    labels = resources["Deployment"]["spec"]["template"]["metadata"]["labels"]
    assert resources["Service"]["spec"]["selector"] == labels
    assert resources["Deployment"]["spec"]["selector"]["matchLabels"] == labels


def test_a_stop_has_the_time_that_the_server_takes(
    pod: dict[str, Any], compose: dict[str, Any]
) -> None:
    grace = Settings().server.grace
    assert pod["terminationGracePeriodSeconds"] > grace
    assert int(compose["services"]["embedded"]["stop_grace_period"].removesuffix("s")) > grace


def test_the_images_have_the_version_of_this_release(
    pod: dict[str, Any], compose: dict[str, Any]
) -> None:
    named = {container["image"] for container in containers(pod)}
    named |= {compose["services"][service]["image"] for service in ("embedded", "remote")}
    assert named == {f"trident:{version('trident-rag')}"}


def test_the_first_key_is_made_once_and_readable_by_its_owner_only(
    pod: dict[str, Any], tmp_path: Path
) -> None:
    (first,) = pod["initContainers"]
    environment = {
        **os.environ,
        "PATH": f"{Path(TRIDENT).parent}:{os.environ['PATH']}",
        "TRIDENT_STORE__PATH": str(tmp_path / "store"),
    }

    def start() -> None:
        command = [*first["command"], *first["args"]]
        subprocess.run(command, cwd=tmp_path, env=environment, check=True)

    start()
    key = tmp_path / "first-key"
    text = key.read_text()
    assert len(text.split()) == 1
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    key.unlink()
    start()
    assert not key.exists()


def containers(pod: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from pod["initContainers"]
    yield from pod["containers"]
