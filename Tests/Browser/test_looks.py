"""How pages look: phone, dark, paper, without scripts; and what axe says of them."""

import base64
import os
import re
import subprocess
import tempfile
from pathlib import Path

from browser import FOLDER, OTHERS, PAGES, PageTest

DARK = "--blink-settings=preferredColorScheme=0"


def axe(test, name):
    """Has axe look for serious violations, with everything opened."""
    browser = test.browser
    browser.run("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    for figure in browser.run("return [...Object.keys(page.charts), ...Object.keys(page.maps)]"):
        browser.chart(figure)
    with open(os.environ["AXE"], encoding="utf-8") as file:
        browser.run(file.read())
    found = browser.driver.execute_async_script("""
      const done = arguments[0];
      axe.run(document, { resultTypes: ['violations'] }).then((results) => done(results.violations
        .filter((each) => each.impact === 'serious' || each.impact === 'critical')
        .map((each) => `${each.id}: ${each.help}: ${each.nodes.length} × ${each.nodes[0].html.slice(0, 200)}`)));""")
    test.assertEqual(found, [], name)


def filled(paper):
    """How far down the sheets of a PDF have something on them, in per cent of their height."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["pdftoppm", "-r", "20", "-gray", "-", f"{folder}/sheet"], input=paper, check=True)
        sheets = [Path(folder, name).read_bytes() for name in sorted(os.listdir(folder))]
    shares = []
    for sheet in sheets:
        width, height = (int(word) for word in sheet.split(maxsplit=3)[1:3])
        pixels = sheet[-width * height:]
        last = max((at for at, pixel in enumerate(pixels) if pixel < 240), default=-1)
        shares.append(100 * (last // width + 1) // height)
    return shares


class Axe:
    """What axe says, in the scheme of the class."""

    def test_axe_finds_nothing_serious(self):
        self.browser.driver.set_script_timeout(120)
        for page in PAGES + OTHERS:
            with self.subTest(page=page):
                self.browser.open(page)
                axe(self, page)


class Desk(Axe, PageTest):
    def test_screenshots_show_something(self):
        self.browser.driver.get("about:blank")
        blank = self.browser.save("blank.png")
        for page in PAGES + OTHERS:
            self.browser.open(page)
            self.assertGreater(self.browser.save(f"{page}-desk.png"), 10 * blank, page)
        os.remove(os.path.join(FOLDER, "blank.png"))

    def test_paper_has_pictures_and_no_charts(self):
        for page in PAGES + OTHERS:
            self.browser.open(page)
            self.browser.command("Emulation.setEmulatedMedia", media="print")
            self.assertTrue(all(each.is_displayed() for each in self.browser.all("figure .picture")), page)
            self.assertFalse(any(
                each.is_displayed() for each in self.browser.all(".plot, .tools, .search, #s-replay")), page)
            self.browser.command("Emulation.setEmulatedMedia", media="")
            paper = base64.b64decode(self.browser.command("Page.printToPDF", paperWidth=8.27, paperHeight=11.69)["data"])
            with open(os.path.join(FOLDER, f"{page}-paper.pdf"), "wb") as file:
                file.write(paper)
            full = filled(paper)
            print(f"{page}: sheets of paper, each filled to {full} %", flush=True)
            self.assertIn(len(full), range(1, 40), page)
            self.assertEqual([share for share in full[:-1] if share < 55], [], f"{page}: {full}")


class Dark(Axe, PageTest):
    arguments = (DARK,)

    def test_the_page_and_its_charts_are_dark(self):
        for page in PAGES + OTHERS:
            self.browser.open(page)
            self.browser.save(f"{page}-dark.png")
            color = self.browser.run("return getComputedStyle(document.body).backgroundColor")
            self.assertLess(sum(int(part) for part in re.findall(r"\d+", color)[:3]), 150, color)
            figures = self.browser.run("return Object.keys(page.charts)")
            if not figures:
                continue
            figure = figures[0]
            self.browser.chart(figure)
            axis = self.browser.run("return page.charts[arguments[0]].graph.getOption('axisLineColor')", figure)
            self.assertEqual(axis, self.browser.run("return page.color('ink')"))
            self.assertGreater(int(axis[1:3], 16), 150, axis)


class Scheme(PageTest):
    def test_charts_follow_when_the_scheme_changes(self):
        self.browser.open("run")
        self.browser.chart("completion")
        pixels = "return document.querySelector('#completion .plot canvas').toDataURL()"
        light = self.browser.run(pixels)
        self.browser.command("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark"}])
        self.browser.wait(lambda: self.browser.run(pixels) != light, "the chart is drawn in other colours")


class Phone(Axe, PageTest):
    size = (360, 740)

    def touch(self, kind, *points):
        self.browser.command("Input.dispatchTouchEvent", type=kind,
                             touchPoints=[{"x": x, "y": y} for x, y in points])

    def test_nothing_is_wider_than_the_phone(self):
        for page in PAGES + OTHERS:
            self.browser.open(page)
            self.browser.save(f"{page}-phone.png")
            widths = self.browser.run("return [document.documentElement.scrollWidth, document.body.scrollWidth]")
            self.assertEqual(widths, [360, 360], page)

    def test_what_is_touched_has_room_for_a_finger(self):
        for page in PAGES + OTHERS:
            self.browser.open(page)
            for figure in self.browser.run("return [...Object.keys(page.charts), ...Object.keys(page.maps)]"):
                self.browser.chart(figure)
            small = self.browser.run("""
              return [...document.querySelectorAll('button, select, input, summary, nav a')]
                .filter((each) => each.checkVisibility({ visibilityProperty: true }) && each.getBoundingClientRect().height < 40)
                .map((each) => each.outerHTML.slice(0, 100));""")
            self.assertEqual(small, [], page)

    def test_a_tap_shows_values_and_a_finger_still_scrolls(self):
        self.browser.open("run")
        self.browser.command("Emulation.setTouchEmulationEnabled", enabled=True)
        plot = self.browser.chart("completion")
        box = self.browser.run("const box = arguments[0].getBoundingClientRect(); return [box.left, box.top, box.width]", plot)
        self.assertIn("hint", self.browser.find("#completion .at").get_attribute("class"))
        self.touch("touchStart", (box[0] + box[2] * 0.6, box[1] + 100))
        self.touch("touchEnd")
        at, values = self.browser.shown("completion")
        self.assertRegex(at, r"\d")
        self.assertTrue(any(value for _, value in values))
        self.assertEqual(self.browser.run("return getComputedStyle(arguments[0]).touchAction", plot), "pan-y")
        before = self.browser.run("return scrollY")
        start = (box[0] + 150, box[1] + 180)
        self.touch("touchStart", start)
        for step in range(1, 11):
            self.touch("touchMove", (start[0], start[1] - 20 * step))
        self.touch("touchEnd")
        self.browser.wait(lambda: self.browser.run("return scrollY") > before + 100, "the page scrolls")

    def test_two_fingers_zoom(self):
        self.browser.open("run")
        self.browser.command("Emulation.setTouchEmulationEnabled", enabled=True, maxTouchPoints=2)
        plot = self.browser.chart("completion")
        box = self.browser.run("const box = arguments[0].getBoundingClientRect(); return [box.left, box.top, box.width]", plot)
        now = "return page.charts.completion.graph.xAxisRange()"
        whole = self.browser.run(now)
        middle, top = box[0] + box[2] / 2, box[1] + 100
        self.touch("touchStart", (middle - 20, top), (middle + 20, top))
        for step in range(1, 9):
            self.touch("touchMove", (middle - 20 - 8 * step, top), (middle + 20 + 8 * step, top))
        self.touch("touchEnd")
        near = self.browser.run(now)
        self.assertLess(near[1] - near[0], 0.6 * (whole[1] - whole[0]))
        self.assertGreater(near[0], whole[0])
        self.browser.see(self.browser.find("#completion .reset")).click()
        self.assertEqual(self.browser.run(now), whole)


class WithoutScripts(PageTest):
    scripts = False

    def test_pages_of_several_results_have_their_tables(self):
        for page in OTHERS:
            self.browser.open(page)
            self.assertEqual(self.browser.all(".chart-box, button"), [], page)
            self.assertGreater(len(self.browser.all("table.data tbody tr")), 1, page)
            self.browser.save(f"{page}-no-scripts.png")

    def test_pictures_and_tables_are_there(self):
        for page in PAGES:
            self.browser.open(page)
            self.assertEqual(self.browser.all(".chart-box, button"), [], page)
            pictures = self.browser.all("figure .picture svg")
            self.assertGreater(len(pictures), 0)
            self.assertTrue(all(each.is_displayed() for each in pictures), page)
            self.assertGreater(len(self.browser.all("table.data tbody tr")), 3)
            self.browser.save(f"{page}-no-scripts.png")
