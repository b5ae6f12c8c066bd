"""The Gradle build, which cannot run here, says what the Maven build says."""

import pathlib
import re
import tomllib
import xml.etree.ElementTree

import pytest

from export import android

ANDROID = pathlib.Path(__file__).parents[1] / "android_demo"
SPACE = "{http://maven.apache.org/POM/4.0.0}"
MODULES = ("tokenizer", "inference", "app")


def text(path):
    return (ANDROID / path).read_text(encoding="utf-8")


def catalog():
    return tomllib.loads(text("gradle/libs.versions.toml"))


def properties(pom):
    tree = xml.etree.ElementTree.parse(ANDROID / pom)
    return {
        each.tag.removeprefix(SPACE): each.text
        for each in tree.find(f"{SPACE}properties")
    }


def values(build, pattern):
    """Returns the values of a setting in a Gradle build file."""
    return re.findall(pattern, text(build))


def test_kotlin_is_of_one_version():
    named = catalog()["versions"]["kotlin"]
    assert named == properties("pom.xml")["kotlin.version"]


@pytest.mark.parametrize("build", ["inference", "app"])
def test_oldest_android_is_the_same(build):
    oldest = properties("app/pom.xml")["min-sdk"]
    assert values(f"{build}/build.gradle.kts", r"minSdk = (\d+)") == [oldest]
    # What animal-sniffer holds the classes against.
    assert f"gummy-bears-api-{oldest}" in text("pom.xml")


@pytest.mark.parametrize(
    ("setting", "name"),
    [
        (r"targetSdk = (\d+)", "target-sdk"),
        (r"versionCode = (\d+)", "version-code"),
        (r'namespace = "([^"]*)"', "namespace"),
        (r'applicationId = "([^"]*)"', "namespace"),
    ],
)
def test_the_apps_settings_are_the_same(setting, name):
    found = values("app/build.gradle.kts", setting)
    assert found == [properties("app/pom.xml")[name]]


# Of Android's attributes those that came after 8.0 (API 26). An older system
# lacks what a style means by them.
NEWER_ATTRIBUTES = {
    "windowLightNavigationBar": 27,
    "windowLayoutInDisplayCutoutMode": 27,
    "navigationBarDividerColor": 27,
    "fontVariationSettings": 28,
    "forceDarkAllowed": 29,
    "enforceNavigationBarContrast": 29,
    "enforceStatusBarContrast": 29,
    "windowSplashScreenBackground": 31,
    "windowOptOutEdgeToEdgeEnforcement": 35,
}


def test_styles_mean_something_to_the_oldest_android():
    oldest = int(properties("app/pom.xml")["min-sdk"])
    paths = list((ANDROID / "app/src/main/res").glob("values*/themes.xml"))
    assert paths
    for path in paths:
        level = re.search(r"-v(\d+)", path.parent.name)
        level = int(level[1]) if level else oldest
        for item in xml.etree.ElementTree.parse(path).iter("item"):
            name = item.get("name").removeprefix("android:")
            needs = NEWER_ATTRIBUTES.get(name, oldest)
            assert needs <= level, f"{path.parent.name}: {name}"


def test_bars_have_no_light_without_dark_buttons():
    for path in (ANDROID / "app/src/main/res").glob("values*/themes.xml"):
        names = {
            item.get("name")
            for item in xml.etree.ElementTree.parse(path).iter("item")
        }
        # Android 8.0's themes cannot ask for dark buttons.
        assert ("android:navigationBarColor" in names) == (
            "android:windowLightNavigationBar" in names
        )


def test_the_exporter_puts_into_the_app_what_it_has_a_tab_for():
    tabs = re.findall(
        r"^    [A-Z]+\(Task\.(\w+)\)",
        text("app/src/main/kotlin/org/alberttf/demo/Tab.kt"),
        re.MULTILINE,
    )
    names = text("inference/src/main/kotlin/org/alberttf/inference/Task.kt")
    tasks = dict(re.findall(r'const val (\w+): String = "(\w+)"', names))
    assert sorted(tasks[tab] for tab in tabs) == sorted(android.TASKS)


def test_the_apps_version_is_mavens():
    tree = xml.etree.ElementTree.parse(ANDROID / "pom.xml")
    version = tree.find(f"{SPACE}version").text
    found = values("app/build.gradle.kts", r'versionName = "([^"]*)"')
    assert found == [version]


def test_modules_and_what_they_need_are_the_same():
    included = re.findall(r'":(\w+)"', text("settings.gradle.kts"))
    assert tuple(included) == MODULES
    for module in MODULES:
        tree = xml.etree.ElementTree.parse(ANDROID / module / "pom.xml")
        needs = {
            each.find(f"{SPACE}artifactId").text
            for each in tree.iter(f"{SPACE}dependency")
        } & {*MODULES, "litert"}
        build = text(f"{module}/build.gradle.kts")
        named = {*re.findall(r'project\(":(\w+)"\)', build)}
        if "libs.litert" in build:
            named.add("litert")
        if module == "app":
            # Maven's reactor wants it named; Gradle's runtime brings it.
            needs.discard("litert")
        assert named == needs, module


def test_native_libraries_are_for_the_same_processors():
    script = text("app/make_apk.py")
    abis = re.search(r"^ABIS = \((.*)\)$", script, re.MULTILINE)[1]
    found = values("app/build.gradle.kts", r"abiFilters \+= listOf\((.*)\)")
    assert found == [abis]


def test_plugins_and_libraries_are_those_of_the_catalog():
    names = {
        f"libs.{kind}{key.replace('-', '.')}"
        for kind, section in (("plugins.", "plugins"), ("", "libraries"))
        for key in catalog()[section]
    }
    builds = ["build.gradle.kts"]
    builds += [f"{module}/build.gradle.kts" for module in MODULES]
    used = {
        name for build in builds for name in values(build, r"\blibs\.[\w.]+")
    }
    assert used == names


def test_sources_lie_where_both_builds_look():
    for module in MODULES:
        assert (ANDROID / module / "src/main/kotlin").is_dir()
    assert "<sourceDirectory>src/main/kotlin<" in text("pom.xml")
    assert 'assets.directories.add("../assets")' in text("app/build.gradle.kts")
    assert "-A ../assets" in text("app/pom.xml")
    assert list((ANDROID / "assets").glob("*.tflite"))
