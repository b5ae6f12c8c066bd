"""Builds, signs and checks the app's APK without Gradle.

    python3 android_demo/app/make_apk.py

Needs JDK 17 and Maven, and of Debian or Ubuntu: zipalign, apksigner, dexdump,
binutils. The key is a debug key made on the spot: such an APK can be
installed, not published.
"""

import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree
import zipfile

APP = pathlib.Path(__file__).parent
PROJECT = APP.parent
WORK = APP / "target" / "apk"
APK = PROJECT.parent / "build" / "albert-demo.apk"
PACKAGES = {
    "mvn": "maven",
    "java": "openjdk-17-jdk-headless",
    "keytool": "openjdk-17-jdk-headless",
    "zipalign": "zipalign",
    "apksigner": "apksigner",
    "dexdump": "dexdump",
    "readelf": "binutils",
}
# As in build.gradle.kts.
ABIS = ("arm64-v8a", "armeabi-v7a", "x86_64")
LIBRARY = "libtensorflowlite_jni.so"
# Without one of these the app could not start, or not run its model.
CLASSES = (
    "Lorg/alberttf/demo/MainActivity;",
    "Lorg/alberttf/demo/DemoApplication;",
    "Lorg/alberttf/inference/LiteRtRuntime;",
    "Lorg/alberttf/tokenizer/AlbertTokenizer;",
    "Lorg/tensorflow/lite/NativeInterpreterWrapper;",
    "Lkotlin/jvm/internal/Intrinsics;",
)
PASSWORD = "android"
SPACE = "{http://maven.apache.org/POM/4.0.0}"


def main():
    """Builds the APK and prints what it is."""
    missing = {
        package
        for tool, package in PACKAGES.items()
        if shutil.which(tool) is None
    }
    if missing:
        raise ApkError(
            "Tools are missing. Expected them of apt-get install "
            f"{' '.join(sorted(missing))}"
        )
    check_models()
    compile_app()
    APK.parent.mkdir(exist_ok=True)
    aside = APK.with_name("albert-demo.new.apk")
    sign(align(pack(dex())), aside)
    figures = check(aside)
    aside.replace(APK)
    print(f"{APK.relative_to(PROJECT.parent)}: {figures}")


def check_models():
    """Raises ApkError where a model needs a newer runtime than is packed."""
    packed = versions(PROJECT)["tensorflow-lite.version"]
    for path in sorted((PROJECT / "assets").glob("*.tflite")):
        try:
            with zipfile.ZipFile(path) as bundle:
                manifest = json.loads(bundle.read("albert.json"))
            needed = manifest["minimum_runtime"]
        except (zipfile.BadZipFile, KeyError, ValueError) as error:
            raise ApkError(
                f"{path.relative_to(PROJECT.parent)} is no bundle of "
                "export/to_tflite.py. Export the model with --android "
                "android_demo"
            ) from error
        if as_numbers(needed) > as_numbers(packed):
            raise ApkError(
                f"{path.relative_to(PROJECT.parent)} needs TFLite {needed}; "
                f"the APK packs {packed}. Export it again with --target "
                "tflite-runtime, or build with Android Studio, which packs "
                "LiteRT"
            )


def as_numbers(version):
    """Returns a version as a tuple to compare, () for an unknown one."""
    return tuple(int(part) for part in re.findall(r"\d+", version))


def compile_app():
    """Compiles code and resources; WORK then holds all that it needs."""
    print("compiling, this may take minutes", flush=True)
    pom = str(PROJECT / "pom.xml")
    run("mvn", "-q", "-B", "-f", pom, "-Papp", "-DskipTests", "package")


def dex():
    """Turns the classes into what Android runs. Returns the file."""
    # By name: jars of other versions lie beside them.
    version = read_pom(PROJECT).find(f"{SPACE}version").text
    jars = [
        PROJECT / module / "target" / f"{module}-{version}.jar"
        for module in ("app", "inference", "litert", "tokenizer")
    ]
    folder = WORK / "dex"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    command = ["java", "-cp", WORK / "r8.jar", "com.android.tools.r8.D8"]
    command += ["--release", "--min-api", versions()["min-sdk"]]
    android = (WORK / "android-all.txt").read_text(encoding="utf-8").strip()
    command += ["--lib", android, "--output", folder]
    run(*command, *jars, WORK / "kotlin-stdlib.jar")
    return folder / "classes.dex"


def pack(classes):
    """Adds code and native libraries to the resources. Returns the file.

    The libraries are compressed: the phone unpacks them as it installs.
    """
    path = WORK / "unaligned.apk"
    shutil.copyfile(APP / "target" / "resources.apk", path)
    aar = PROJECT / "litert" / "target" / "aar" / "tensorflow-lite.aar"
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as apk:
        apk.write(classes, "classes.dex")
        with zipfile.ZipFile(aar) as libraries:
            for abi in ABIS:
                library = libraries.read(f"jni/{abi}/{LIBRARY}")
                apk.writestr(f"lib/{abi}/{LIBRARY}", library)
    return path


def align(path):
    """Puts what is not compressed at addresses that can be mapped."""
    aligned = WORK / "aligned.apk"
    run("zipalign", "-f", "-p", "4", path, aligned)
    return aligned


def sign(path, output):
    """Signs with a debug key, made if there is none."""
    key = WORK / "debug.keystore"
    if not key.exists():
        options = ["-keystore", key, "-storepass", PASSWORD]
        options += ["-keypass", PASSWORD, "-alias", "debug"]
        options += ["-dname", "CN=Android Debug,O=Android,C=US"]
        options += ["-keyalg", "RSA", "-keysize", "2048"]
        run("keytool", "-genkeypair", *options, "-validity", "10000")
    options = ["--ks", key, "--ks-pass", f"pass:{PASSWORD}"]
    options += ["--v4-signing-enabled", "false"]
    run("apksigner", "sign", *options, "--out", output, path)


def check(path):
    """Raises ApkError unless the APK is whole. Returns what it is in words."""
    run("apksigner", "verify", "--min-sdk-version", "26", path)
    run("zipalign", "-c", "-p", "4", path)
    badging = run(
        APP / "target/apktool/prebuilt/linux/aapt2", "dump", "badging", path
    )
    name, min_sdk, target_sdk = (
        found(pattern, badging)
        for pattern in (
            r"package: name='([^']*)'",
            r"(?:minSdkVersion|sdkVersion):'(\d+)'",
            r"targetSdkVersion:'(\d+)'",
        )
    )
    found(r"launchable-activity: name='([^']*MainActivity)'", badging)
    classes = set(
        re.findall(r"Class descriptor  : '(.*)'", run("dexdump", path))
    )
    lost = [each for each in CLASSES if each not in classes]
    if lost:
        raise ApkError(f"Classes are missing: {', '.join(lost)}")
    with zipfile.ZipFile(path) as apk:
        models = [
            each for each in apk.infolist() if each.filename.endswith(".tflite")
        ]
        pages = {abi: page_size(apk, abi) for abi in ABIS}
    if not models or any(each.compress_type for each in models):
        raise ApkError("The models are missing or compressed.")
    libraries = ", ".join(f"{abi} {size}" for abi, size in pages.items())
    return (
        f"{path.stat().st_size / 1e6:.2f} MB, {name}, SDK {min_sdk} to "
        f"{target_sdk}, {len(classes)} classes, {len(models)} model, "
        f"libraries and their page bytes: {libraries}"
    )


def page_size(apk, abi):
    """Returns the alignment in bytes that a native library was built for."""
    path = pathlib.Path(apk.extract(f"lib/{abi}/{LIBRARY}", WORK))
    headers = run("readelf", "-lW", path)
    return min(
        int(line.split()[-1], 16)
        for line in headers.splitlines()
        if line.split()[:1] == ["LOAD"]
    )


def versions(folder=APP):
    """Returns the properties of a folder's pom.xml."""
    return {
        each.tag.removeprefix(SPACE): each.text
        for each in read_pom(folder).find(f"{SPACE}properties")
    }


def read_pom(folder):
    """Returns a folder's pom.xml as a tree."""
    return xml.etree.ElementTree.parse(folder / "pom.xml")


def found(pattern, text):
    """Returns the first group of a pattern, or raises ApkError."""
    match = re.search(pattern, text)
    if match is None:
        raise ApkError(f"The APK's badging lacks {pattern}")
    return match[1]


def run(*command):
    """Runs a command and returns its output, or raises ApkError with it.

    By way of a file: Maven leaves a Kotlin compiler behind, which would hold a
    pipe open.
    """
    with tempfile.TemporaryFile("w+", errors="replace") as output:
        status = subprocess.run(
            [str(part) for part in command],
            stdout=output,
            stderr=subprocess.STDOUT,
        ).returncode
        output.seek(0)
        text = output.read()
    if status:
        tail = "\n".join(text.splitlines()[-20:])
        raise ApkError(f"{pathlib.Path(command[0]).name} failed:\n{tail}")
    return text


class ApkError(Exception):
    """The APK could not be made: the message says why and what to do."""


if __name__ == "__main__":
    try:
        main()
    except ApkError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
