"""The workbench in headless Chromium: what a person does, with the mouse and with the keyboard alone.

Needs Debian's chromium and chromium-driver; where they are missing the tests fail under CI=true and are
skipped elsewhere. With TAGGER_PICTURES=FOLDER the pictures of the documents are taken into it.
"""

from __future__ import annotations

import io
import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from tagger import shipped, store
from tagger.workspace import Workspace

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NOTICE = (shipped.DATA / "sample-notice.txt").read_text(encoding="utf-8")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=zh-CN",
)
DESKTOP, PHONE = (1280, 900), (390, 844)
Served = Callable[..., Any]
Ask = Callable[..., Any]


class Page:
    """The page as a person meets it."""

    def __init__(self, driver: Any) -> None:
        self.driver = driver

    def open(self, port: int, path: str = "/") -> None:
        self.driver.get(f"http://127.0.0.1:{port}{path}")

    def one(self, selector: str) -> Any:
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector: str) -> list[Any]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def run(self, script: str, *given: Any) -> Any:
        return self.driver.execute_script(script, *given)

    def click(self, selector: str) -> None:
        """Clicks on what is first brought out from under the bar at the bottom."""
        element = self.one(selector)
        self.run("arguments[0].scrollIntoView({ block: 'center' })", element)
        element.click()

    def until(self, holds: Callable[[], Any], seconds: float = 30) -> Any:
        ignored = (NoSuchElementException, StaleElementReferenceException)
        return WebDriverWait(self.driver, seconds, 0.05, ignored).until(lambda _: holds())

    def says(self, words: str, seconds: float = 30) -> str:
        self.until(lambda: words in self.one("#status").text, seconds)
        return self.one("#status").text

    def press(self, *keys: str) -> None:
        """Types at whatever has the focus."""
        chain = ActionChains(self.driver)
        for key in keys:
            chain.send_keys(key)
        chain.perform()

    def hold(self, modifier: str, key: str) -> None:
        """Types with a key held down."""
        ActionChains(self.driver).key_down(modifier).send_keys(key).key_up(modifier).perform()

    def put(self, text: str) -> None:
        """Puts a text into the field as a paste does, at once."""
        self.run("document.getElementById('text').value = arguments[0]", text)

    def tag(self, text: str) -> None:
        self.put(text)
        self.click("#paste button[type=submit]")
        self.says("已标注")

    def chosen(self, target: str) -> list[str]:
        return [box.get_attribute("value") for box in self.all(f"input[name={target}]:checked")]

    def choose(self, target: str, label: str) -> None:
        self.click(f"input[name={target}][value={label}]")

    def statutes(self) -> list[str]:
        return [button.get_attribute("value") for button in self.all("#statutes button")]

    def focused(self) -> str:
        return str(self.run("const e = document.activeElement; return e.value || e.id || e.tagName"))

    def complaints(self) -> list[str]:
        return [f"{entry['level']}: {entry['message']}" for entry in self.driver.get_log("browser")]

    def looks(self, *, size: tuple[int, int] = DESKTOP, dark: bool = False) -> None:
        metrics = {"width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": size == PHONE}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})

    def picture(self, name: str) -> None:
        folder = os.environ.get("TAGGER_PICTURES")
        if folder:
            from PIL import Image

            taken = Image.open(io.BytesIO(self.driver.get_screenshot_as_png()))
            taken.quantize(256).save(Path(folder) / name, optimize=True)


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    chromedriver = shutil.which("chromedriver")
    if not chromium or not chromedriver:
        missing = "the browser tests need chromium and chromedriver: apt-get install chromium chromium-driver"
        pytest.fail(missing) if os.environ.get("CI") == "true" else pytest.skip(missing)
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(chromedriver))
    yield driver
    driver.quit()


@pytest.fixture
def page(driver: Any) -> Iterator[Page]:
    page = Page(driver)
    page.looks()
    page.complaints()  # those of the test before
    yield page
    assert page.complaints() == []


# ---- the whole way -------------------------------------------------------------------------------


def test_paste_tag_correct_save_retrain_and_the_new_model_answers(
    page: Page, served: Served, ask: Ask, home: Workspace
) -> None:
    with served() as (port, _):
        page.open(port)
        page.tag(NOTICE)
        assert page.one("#title").text == NOTICE.partition("\n")[0]
        assert page.chosen("industry") == ["教育培训"]
        page.choose("industry", "教育培训")
        page.choose("industry", "科研")
        page.one("#statute").send_keys("网安 21")
        page.until(lambda: page.all("#suggestions li"))[0].click()
        page.click("#accept")
        page.says("已保存")
        (case,) = store.user_cases(home.cases)
        assert case.industry == ("科研",)
        assert case.statutes[-1] == "网络安全法第21条"

        before = ask(port, "POST", "/v1/tag", {"text": NOTICE})[1]["results"][0]
        page.click("#train")
        page.says("训练完成", 600)
        candidate = page.until(lambda: page.one("#models [data-use]")).get_attribute("data-use")
        assert candidate in page.one("#comparison").text
        assert ask(port, "POST", "/v1/tag", {"text": NOTICE})[1]["results"][0]["model"] == before["model"]
        page.click(f"[data-use='{candidate}']")
        page.says(f"现在由 {candidate} 标注")
        page.tag(NOTICE)
        after = ask(port, "POST", "/v1/tag", {"text": NOTICE})[1]["results"][0]
        assert after["model"] == candidate
        science = [
            next(entry["probability"] for entry in record["industry"] if entry["label"] == "科研")
            for record in (before, after)
        ]
        assert science[1] > science[0]  # it learnt what was corrected


def test_keyboard_alone(page: Page, served: Served, results: Path, home: Workspace) -> None:
    with served(str(results)) as (port, _):
        page.open(port)
        page.until(lambda: page.one("#title").text)
        first = page.one("#title").text
        page.press("j")
        page.until(lambda: page.one("#title").text != first)
        page.press("k")
        page.until(lambda: page.one("#title").text == first)

        page.press("1", "y")  # 运营商
        assert page.chosen("industry") == ["运营商"]
        page.press("y")
        assert page.chosen("industry") == ["医疗卫生"]
        page.hold(Keys.SHIFT, "k")
        assert page.chosen("industry") == ["医疗卫生", "科研"]
        page.press(Keys.ARROW_RIGHT, Keys.SPACE)
        assert page.chosen("industry") == ["医疗卫生", "科研", "文化传媒"]
        page.press("a")  # a letter that no label has: neither a label nor a command
        assert page.chosen("industry") == ["医疗卫生", "科研", "文化传媒"]
        page.press(Keys.ESCAPE, "3", "q")
        assert page.chosen("nature") == ["其他"]

        page.press("6")
        while page.statutes():
            page.press(Keys.BACKSPACE)
        for typed, citation in (("网安 59", "网络安全法第59条"), ("xf 285", "刑法第285条")):
            page.press(*typed)
            page.until(lambda citation=citation: page.one("#suggestions li").text.startswith(citation))
            page.press(Keys.ENTER)
        assert page.statutes() == ["网络安全法第59条", "刑法第285条"]
        page.press(Keys.ESCAPE, "a")
        page.says("已保存")
        page.until(lambda: page.one("#title").text != first)  # the next one is open
        (case,) = store.user_cases(home.cases)
        assert (case.industry, case.nature) == (("医疗卫生", "科研", "文化传媒"), ("其他",))
        assert case.statutes == ("网络安全法第59条", "刑法第285条")
        page.press("a")
        page.until(lambda: len(store.user_cases(home.cases)) == 2)
        page.says("已保存")
        page.press("u")
        page.says("已撤销")
        page.press("u")
        page.until(lambda: not store.user_cases(home.cases))
        page.until(lambda: page.one("#title").text == first)
        page.press("u")
        page.says("没有可撤销的保存")

        page.press("n", *"某医院被植入木马，警方处以警告。")
        page.hold(Keys.CONTROL, Keys.ENTER)
        page.says("已标注")
        assert page.focused() == "title"  # so that the commands are at hand again


def test_every_control_is_reached_by_tab_and_shows_it(page: Page, served: Served, results: Path) -> None:
    with served(str(results)) as (port, _):
        page.open(port)
        page.until(lambda: page.one("#title").text)
        page.run("document.activeElement.blur()")
        reached, shown = [], []
        for _ in range(80):
            page.press(Keys.TAB)
            name, outline = page.run(
                "const e = document.activeElement;"
                "const o = e.matches('.choice input, .file input') ? e.nextElementSibling : e;"
                "const name = e === document.body ? '' : e.name || e.id || e.textContent.trim();"
                "return [name, getComputedStyle(o).outlineStyle]"
            )
            if name in reached[:1] or not name:
                break
            reached.append(name)
            shown.append(outline)
        wanted = {"text", "date", "file", "shown", "industry", "subject", "nature", "impact", "liability"}
        assert wanted | {"statute", "accept", "undo", "train", "报告", "接口"} <= set(reached)
        assert len(reached) < 40  # a group of labels, and the queue, are one stop each
        assert [name for name, outline in zip(reached, shown, strict=True) if outline == "none"] == []


KEY = "const press = o => document.body.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, ...o }));"


def test_key_pressed_twice_saves_only_what_was_seen(
    page: Page, served: Served, results: Path, home: Workspace
) -> None:
    with served(str(results)) as (port, _):
        page.open(port)
        page.until(lambda: page.one("#title").text)
        first = page.one("#title").text
        page.run(KEY + "for (let i = 0; i < 5; i++) press({ key: 'a' })")
        page.until(lambda: page.one("#title").text != first)
        page.run(KEY + "press({ key: 'a', repeat: true })")
        page.choose("nature", page.chosen("nature")[0])  # takes the only one away
        page.click("#accept")
        page.says("请先选违法/犯罪性质")
        assert [case.title for case in store.user_cases(home.cases)] == [first]


# ---- more than one person, and bad input -----------------------------------------------------------


def test_second_window_on_a_card_is_told(page: Page, served: Served, results: Path, home: Workspace) -> None:
    with served(str(results)) as (port, _):
        page.open(port)
        page.until(lambda: page.one("#title").text)
        title, first = page.one("#title").text, page.driver.current_window_handle
        page.driver.switch_to.new_window("tab")
        page.open(port)
        page.until(lambda: page.one("#title").text)
        page.press("3", "w", Keys.ENTER)
        page.says("已保存")
        page.driver.close()
        page.driver.switch_to.window(first)
        page.press("3", "q", Keys.ENTER)
        page.says("在别处保存过")
        assert page.chosen("nature") == ["外部入侵"]
        assert page.one("#state").text == "已保存"
        assert [case.nature for case in store.user_cases(home.cases)] == [("外部入侵",)]
        page.press("3", "q", Keys.ENTER)  # and can decide now
        page.says("已保存")
        page.until(lambda: page.one("#title").text != title)
        assert [case.nature for case in store.user_cases(home.cases)] == [("其他",)]
        assert ["409" in complaint for complaint in page.complaints()] == [True]


def test_markup_in_a_notice_is_text(page: Page, served: Served) -> None:
    hostile = "某医院<script>window.hacked = 1</script><b>被处罚\n"
    with served() as (port, _):
        page.open(port)
        page.tag(hostile + NOTICE)
        assert "<script>window.hacked" in page.one("#shown").text
        assert "<script>window" in page.one("#title").text
        assert page.run("return window.hacked") is None
        assert not page.all("#shown script, #shown b, #queue b")
        page.press("a")
        page.says("已保存")
        page.open(port, "/report")
        page.until(lambda: "<script>window" in page.one("#cases").text)
        assert page.run("return window.hacked") is None


def test_megabyte_an_empty_field_and_no_notice(page: Page, served: Served) -> None:
    with served() as (port, _):
        page.open(port)
        page.put("网" * 1_000_000)
        page.click("#paste button[type=submit]")
        page.says("tagger batch")
        page.put("  ")
        page.click("#paste button[type=submit]")
        page.says("请先粘贴通报")
        page.put("今天天气很好，我们去公园散步，看见了许多花。")
        page.click("#paste button[type=submit]")
        page.says("看来不是网络安全行政执法案例")
        assert page.chosen("industry") == []
        page.tag(NOTICE)


DROP = """
const [name, type, content] = arguments;
const data = new DataTransfer();
data.items.add(new File([content], name, { type }));
document.body.dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: data }));
"""


def test_dropped_files(page: Page, served: Served) -> None:
    with served() as (port, _):
        page.open(port)
        page.run(DROP, "截图.png", "image/png", "x")
        page.says("是图片")
        page.run(DROP, "通报.txt", "text/plain", NOTICE)
        page.says("已标注")
        assert page.one("#title").text == NOTICE.partition("\n")[0]
        html = f"<html><body><article><h1>另一篇通报</h1><p>{NOTICE}</p></article></body></html>"
        page.run(DROP, "通报.html", "text/html", html)
        page.until(lambda: page.one("#title").text == "另一篇通报")
        page.run(DROP, "大.txt", "text/plain", "x" * 2_600_000)
        page.says("太大")


def test_server_that_is_gone_is_told(page: Page, served: Served) -> None:
    with served() as (port, process):
        page.open(port)
        page.tag(NOTICE)
        process.kill()
        process.wait()
        page.press("a")
        page.says("服务没有回应")
        assert all("ERR_CONNECTION" in complaint for complaint in page.complaints())


def test_ten_thousand_cards(page: Page, served: Served, records: list[Any], tmp_path: Path) -> None:
    path = tmp_path / "many.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for number in range(10_000):
            record = records[number % 10] | {"title": f"第{number}份", "evidence": None, "precedents": None}
            record["text"] = f"第{number}份\n{record['text']}"
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
    with served(str(path)) as (port, _):
        page.open(port)
        page.until(lambda: page.one("#open").text == "10000 / 10000")
        assert len(page.all("#queue button")) == 200
        page.press("a")
        page.until(lambda: page.one("#open").text == "9999 / 10000", 10)
        page.run("document.getElementById('more').focus()")
        page.press(Keys.ENTER)
        page.until(lambda: len(page.all("#queue button")) == 400, 10)


# ---- what it looks like --------------------------------------------------------------------------


def test_pointing_at_a_phrase_says_why(page: Page, served: Served, results: Path) -> None:
    with served(str(results)) as (port, _):
        page.open(port)
        page.tag(NOTICE)
        page.run("scrollTo(0, 0)")
        marked = page.one("mark[data-target=industry]")
        ActionChains(page.driver).move_to_element(marked).perform()
        page.until(lambda: page.one("#why").is_displayed())
        assert "所属行业：教育培训，占其依据的" in page.one("#why").text
        page.picture("workbench.png")
        ActionChains(page.driver).move_to_element(page.one("h1")).perform()
        page.until(lambda: not page.one("#why").is_displayed())
        cited = page.one("mark[data-target=statutes]")
        page.run("arguments[0].focus()", cited)
        assert "原文引用" in page.one("#why").text
        page.run("document.getElementById('shown').focus()")
        page.press(Keys.ARROW_RIGHT)
        assert page.one("#why").is_displayed()
        assert page.focused() == "MARK"


CONTRAST = """
const parse = text => {
  const n = text.match(/[\\d.]+(?:e-?\\d+)?/g).map(Number);
  const unit = text.startsWith("color(") ? 255 : 1;
  return [n[0] * unit, n[1] * unit, n[2] * unit, n.length > 3 ? n[3] : 1];
};
const over = (top, below) => [0, 1, 2].map(i => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
const ground = element => {
  const layers = [];
  for (let e = element; e; e = e.parentElement) layers.unshift(parse(getComputedStyle(e).backgroundColor));
  const canvas = matchMedia("(prefers-color-scheme: dark)").matches ? [18, 18, 18, 1] : [255, 255, 255, 1];
  return layers.reduce((below, layer) => over(layer, below), canvas);
};
const light = c => c.slice(0, 3).map(v => v / 255)
  .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
  .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
const found = [];
for (const element of document.querySelectorAll("body *")) {
  const text = [...element.childNodes].filter(n => n.nodeType === 3).map(n => n.data.trim()).join("");
  const typed = element.matches("input, textarea");
  const passed = !element.checkVisibility() || element.matches(":disabled, script, style");
  if (passed || (!text && !typed)) continue;
  const below = ground(element);
  const colours = [getComputedStyle(element).color];
  if (typed) colours.push(getComputedStyle(element, "::placeholder").color);
  for (const colour of colours) {
    const [a, b] = [light(over(parse(colour), below)), light(below)].sort((x, y) => y - x);
    found.push([(a + 0.05) / (b + 0.05), `${element.tagName} ${element.className} ${text.slice(0, 20)}`]);
  }
}
return found;
"""


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_page_is_readable(
    page: Page, served: Served, results: Path, dark: bool, size: tuple[int, int]
) -> None:
    page.looks(size=size, dark=dark)
    with served(str(results)) as (port, _):
        page.open(port)
        page.until(lambda: page.one("#title").text)
        page.one("#statute").send_keys("网安")
        page.until(lambda: page.all("#suggestions li"))
        for element in page.all("#shown mark")[:1]:
            page.run("arguments[0].dispatchEvent(new Event('mouseover', {bubbles: true}))", element)
        page.run("document.getElementById('status').classList.add('wrong')")
        for path in ("/", "/docs"):
            if path != "/":
                page.open(port, path)
            measured = page.run(CONTRAST)
            assert len(measured) > 30
            assert min(measured)[0] >= 4.5, sorted(measured)[:5]
            assert page.run("return document.documentElement.scrollWidth <= innerWidth"), "it is too wide"


def test_pictures_of_the_page(page: Page, served: Served, results: Path) -> None:
    with served(str(results)) as (port, _):
        for name, size, dark in (
            ("workbench-dark.png", DESKTOP, True),
            ("workbench-phone.png", PHONE, False),
        ):
            page.looks(size=size, dark=dark)
            page.open(port)
            page.until(lambda: page.one("#title").text)
            if size == PHONE:
                page.click("#queue button")  # the card comes into view
                page.until(
                    lambda: page.run("return document.getElementById('card').getBoundingClientRect().top < 9")
                )
            page.run("document.getElementById('why').hidden = true")  # the pointer rests where it clicked
            page.picture(name)


def test_every_control_has_a_name(page: Page, served: Served, results: Path) -> None:
    with served(str(results)) as (port, _):
        page.open(port)
        page.until(lambda: page.one("#title").text)
        nameless = [
            element.get_attribute("outerHTML")[:100]
            for element in page.all(
                "input, textarea, button, a, [role=region], [role=group], [role=combobox]"
            )
            if element.is_displayed() and not element.accessible_name.strip()
        ]
        assert nameless == []
        assert page.run("return document.documentElement.lang") == "zh-CN"
        headings = page.run(
            "const all = [...document.querySelectorAll('h1,h2,h3')];"
            "return all.filter(heading => heading.checkVisibility()).map(heading => heading.tagName)"
        )
        assert headings[0] == "H1" and headings.count("H1") == 1


def test_documentation_and_report_have_no_complaint(page: Page, served: Served, results: Path) -> None:
    with served(str(results)) as (port, _):
        page.open(port, "/docs")
        assert page.one("h1").text
        page.open(port, "/report")
        page.until(lambda: page.one("#shown").text == "10 / 10")
        page.one("#search").send_keys("没有这样的案例")
        page.until(lambda: page.one("#shown").text == "0 / 10")
