"""A Chromium without network, and the pages that the tests look at."""

import base64
import csv
import os
import unittest

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

FOLDER = os.environ["FOLDER"]
# Pages of one result, whose pictures `gapsim plot` drew too.
PAGES = ["run", "many", "sweep", "tune", "race"]
# Of several results, of a comparison, of a fit.
OTHERS = ["overlay", "index", "compare", "fit"]


def rows(path):
    """The rows of a CSV file in the folder, as dictionaries."""
    with open(os.path.join(FOLDER, path), newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def plain(text):
    """A number without the narrow spaces between its digits."""
    return text.replace("\u202f", "")


def number(text):
    """The number that a text begins with."""
    return float(plain(text).split()[0])


class Browser:
    def __init__(self, width=1100, height=900, *arguments, scripts=True):
        options = webdriver.ChromeOptions()
        for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--force-device-scale-factor=1",
                         "--host-resolver-rules=MAP * ~NOTFOUND", *arguments):
            options.add_argument(argument)
        if not scripts:
            options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
        self.command("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                     mobile=width < 600)

    def command(self, name, **parameters):
        return self.driver.execute_cdp_cmd(name, parameters)

    def open(self, name, anchor=""):
        self.driver.get("about:blank")
        self.driver.get(f"file://{FOLDER}/{name}.html{anchor}")

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def find(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def wait(self, condition, what):
        return WebDriverWait(self.driver, 20).until(lambda _: condition(), what)

    def see(self, element):
        """Scrolls an element into the middle of the window."""
        self.run("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", element)
        return element

    def chart(self, figure):
        """The plot of a figure, once it is drawn."""
        plot = self.see(self.find(f"#{figure} .plot"))
        self.wait(lambda: self.run("return arguments[0].querySelector('canvas') !== null", plot), f"{figure} is drawn")
        return plot

    def point(self, element, across, down):
        """Moves the pointer to a place in an element, by shares of its size."""
        size = element.size
        self.actions().move_to_element_with_offset(
            element, int((across - 0.5) * size["width"]), int((down - 0.5) * size["height"])).perform()

    def actions(self):
        return ActionChains(self.driver, duration=20)

    def shown(self, figure):
        """What the chart of a figure says under its cursor: the place, and the values by the names of the series."""
        return self.run("""
          const figure = document.getElementById(arguments[0]);
          const values = [...figure.querySelectorAll('.legend li')].map((item) =>
            [item.querySelector('.name').textContent, item.querySelector('.value').textContent]);
          return [figure.querySelector('.at').textContent, values];""", figure)

    def save(self, name):
        """A screenshot of the whole page."""
        height = self.run("return document.documentElement.scrollHeight")
        width = self.run("return innerWidth")
        for top in range(0, height, 600):
            self.run("scrollTo({top: arguments[0], behavior: 'instant'})", top)
        self.run("scrollTo({top: 0, behavior: 'instant'})")
        picture = self.command("Page.captureScreenshot", captureBeyondViewport=True, clip={
            "x": 0, "y": 0, "width": width, "height": min(height, 12000), "scale": 1})["data"]
        with open(os.path.join(FOLDER, name), "wb") as file:
            file.write(base64.b64decode(picture))
        return os.path.getsize(os.path.join(FOLDER, name))

    def errors(self):
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]

    def quit(self):
        self.driver.quit()


class PageTest(unittest.TestCase):
    """Tests that share a browser. Whatever they do, the console says nothing."""

    size = (1100, 900)
    arguments = ()
    scripts = True

    @classmethod
    def setUpClass(cls):
        cls.browser = Browser(*cls.size, *cls.arguments, scripts=cls.scripts)

    @classmethod
    def tearDownClass(cls):
        cls.browser.quit()

    def tearDown(self):
        self.assertEqual(self.browser.errors(), [])
