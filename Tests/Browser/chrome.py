"""Drives headless Chromium over its DevTools protocol, through pipes: no library is needed.

Protocol: https://chromedevtools.github.io/devtools-protocol/; `--remote-debugging-pipe` reads commands
from file descriptor 3 and writes answers to 4, each ended by a zero byte.
"""
import base64
import fcntl
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time


class Chrome:
    """One browser with one page. Collects console errors, exceptions and requests."""

    def __init__(self):
        program = next(p for p in ("chromium", "chromium-browser", "google-chrome") if shutil.which(p))
        self.profile = tempfile.mkdtemp(prefix="skein-browser-")
        commands_in, self.commands = os.pipe()
        self.answers, answers_out = os.pipe()
        # Away from 3 and 4, which the child gets them as.
        commands_in, answers_out = (fcntl.fcntl(fd, fcntl.F_DUPFD, 10) for fd in (commands_in, answers_out))

        def place():
            os.dup2(commands_in, 3)
            os.dup2(answers_out, 4)

        self.process = subprocess.Popen(
            [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe",
             "--no-first-run", "--disable-background-networking", "--hide-scrollbars",
             f"--user-data-dir={self.profile}", "about:blank"],
            preexec_fn=place, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(commands_in)
        os.close(answers_out)
        self.buffer, self.number, self.events = b"", 0, []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = None
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")

    def close(self):
        self.process.terminate()
        self.process.wait(20)
        shutil.rmtree(self.profile, ignore_errors=True)

    def receive(self):
        while b"\0" not in self.buffer:
            part = os.read(self.answers, 1 << 20)
            if not part:
                raise RuntimeError("the browser is gone")
            self.buffer += part
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if getattr(self, "session", None):
            message["sessionId"] = self.session
        os.write(self.commands, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.receive()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def evaluate(self, script):
        """The value of a script in the page; promises are awaited."""
        result = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise RuntimeError(f"{script}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def open(self, path, width=1280, height=900, dark=False):
        """Opens a file; returns the seconds until it was loaded and drawn."""
        self.events = []
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        scheme = "dark" if dark else "light"
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        start = time.time()
        self.call("Page.navigate", url=pathlib.Path(path).resolve().as_uri())
        while not self.evaluate("document.readyState === 'complete' && location.protocol === 'file:'"):
            time.sleep(0.01)
        self.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        return time.time() - start

    def named(self, method):
        return [event["params"] for event in self.events if event.get("method") == method]

    @property
    def errors(self):
        """Console errors and exceptions since the page was opened."""
        self.evaluate("0")
        logged = [e["entry"]["text"] for e in self.named("Log.entryAdded") if e["entry"]["level"] == "error"]
        said = [str(e["args"]) for e in self.named("Runtime.consoleAPICalled") if e["type"] == "error"]
        thrown = [str(e["exceptionDetails"].get("exception", {}).get("description")) for e in self.named("Runtime.exceptionThrown")]
        return logged + said + thrown

    @property
    def requests(self):
        """Addresses that the page asked for, itself and pictures inside it left out."""
        urls = [e["request"]["url"] for e in self.named("Network.requestWillBeSent")]
        return [url for url in urls[1:] if not url.startswith("data:")]

    def mouse(self, kind, x, y, buttons=0):
        self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left" if kind != "mouseMoved" or buttons else "none",
                  buttons=buttons, clickCount=1 if kind != "mouseMoved" else 0)

    def key(self, key):
        code = {"ArrowRight": 39, "ArrowDown": 40, " ": 32, "Tab": 9}[key]
        extra = {"text": " "} if key == " " else {}
        self.call("Input.dispatchKeyEvent", type="keyDown", key=key, windowsVirtualKeyCode=code, **extra)
        self.call("Input.dispatchKeyEvent", type="keyUp", key=key, windowsVirtualKeyCode=code)

    def screenshot(self, path, full=True):
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}
        options = {"captureBeyondViewport": True, "clip": clip} if full else {}
        data = self.call("Page.captureScreenshot", format="png", **options)["data"]
        pathlib.Path(path).write_bytes(base64.b64decode(data))
