"""Maps: what is under the pointer is a row of the picture's CSV."""

import re

from selenium.webdriver.common.keys import Keys

from browser import PageTest, rows


class Maps(PageTest):
    def open(self, page, figure):
        self.browser.open(page)
        plot = self.browser.see(self.browser.find(f"#{figure} .plot"))
        self.browser.wait(lambda: self.browser.run("return page.maps[arguments[0]].area !== undefined", figure), "drawn")
        return plot

    def point_at(self, plot, figure, script):
        """Points into the middle of the box of a place."""
        left, top = self.browser.run(f"""
          const view = page.maps[arguments[0]];
          const box = view.painter.boxOf({script}, view.area);
          return [box.x + box.w / 2, box.y + box.h / 2];""", figure)
        size = plot.size
        self.browser.actions().move_to_element_with_offset(
            plot, int(left - size["width"] / 2), int(top - size["height"] / 2)).perform()
        at, values = self.browser.shown(figure)
        return at, values[0][1]

    def cell_row(self, figure, at, value):
        """The row of the CSV that a cell tells."""
        table = rows(f"sweep.plots/{figure}.csv")
        x, y = list(table[0])[:2]
        mean, unit = value.split()[:2]
        found = [row for row in table
                 if at.split(" · ")[:2] == [f"{x} {row[x]}", f"{y} {row[y]}"] and row["mean"] == mean
                 and row["unit"] == unit]
        self.assertEqual(len(found), 1, f"{at}: {value}")
        low_high = re.search(r"\((.*) – (.*)\)", value)
        if low_high:
            self.assertEqual(list(low_high.groups()), [found[0]["ci95_low"], found[0]["ci95_high"]])
        self.assertEqual("not told apart" in at, found[0]["is_among_best"] == "1")
        return found[0]

    def test_each_cell_tells_its_row(self):
        plot = self.open("sweep", "map-makespan")
        count = self.browser.run("return page.maps['map-makespan'].painter.count")
        self.assertEqual(count, len(rows("sweep.plots/map-makespan.csv")))
        seen = set()
        for index in range(0, count, 4):
            at, value = self.point_at(plot, "map-makespan", f"view.painter.map.cells[{index}]")
            seen.add(tuple(self.cell_row("map-makespan", at, value).values()))
        self.assertEqual(len(seen), len(range(0, count, 4)))

    def test_all_cells_have_numbers_or_none(self):
        self.open("sweep", "map-makespan")
        texts = self.browser.run("""
          const { painter, area } = page.maps['map-makespan'];
          const context = document.querySelector('#map-makespan canvas').getContext('2d');
          const count = (width) => {
            const texts = [];
            const fillText = context.fillText;
            context.fillText = (text) => texts.push(text);
            painter.draw(context, { ...area, w: width });
            context.fillText = fillText;
            return painter.map.cells.filter((cell) => texts.includes(cell.text)).length;
          };
          return [40, 60, 80, 100, 120, 200, 400, 800].map((share) => count(share * painter.columns / 10));""")
        count = len(rows("sweep.plots/map-makespan.csv"))
        self.assertEqual(set(texts), {0, count})

    def test_keys_go_from_cell_to_cell(self):
        plot = self.open("sweep", "map-makespan")
        self.browser.run("arguments[0].focus()", plot)
        said = []
        for key in (Keys.HOME, Keys.ARROW_RIGHT, Keys.ARROW_UP, Keys.END):
            plot.send_keys(key)
            at, values = self.browser.shown("map-makespan")
            self.cell_row("map-makespan", at, values[0][1])
            said.append(plot.get_attribute("aria-valuetext"))
        self.assertEqual(len(set(said)), 4, said)

    def block_row(self, at, value):
        device = re.match(r"device (\d+)", at).group(1)
        first, last, missing = re.match(r"blocks? (\d+)(?: – (\d+))?(?:: (?:all )?(\d+))?", value).groups()
        row = {"device": device, "first_block": first, "last_block": last or first, "missing_blocks": missing or "1"}
        self.assertIn(row, rows("run.plots/missing-blocks.csv"), f"{at}: {value}")
        return row

    def test_missing_blocks_are_told_zoomed_and_walked_through(self):
        plot = self.open("run", "missing-blocks")
        view = "page.maps['missing-blocks'].painter"
        count = self.browser.run(f"return {view}.count")
        self.assertEqual(count, len(rows("run.plots/missing-blocks.csv")))
        for index in range(0, count, max(1, count // 6)):
            self.block_row(*self.point_at(plot, "missing-blocks", f"view.painter.order[{index}]"))
        button = self.browser.find("#missing-blocks .reset")
        self.assertFalse(button.is_enabled())
        self.browser.point(plot, 0.4, 0.5)
        self.browser.actions().click_and_hold().move_by_offset(120, 0).release().perform()
        low, high = self.browser.run(f"return {view}.range")
        blocks = self.browser.run(f"return {view}.map.blocks")
        self.assertLess(high - low, blocks / 3)
        button.click()
        self.assertEqual(self.browser.run(f"return {view}.range"), [1, blocks + 1])
        self.browser.run("arguments[0].focus()", plot)
        walked = []
        for key in (Keys.HOME, Keys.ARROW_RIGHT, Keys.ARROW_DOWN, Keys.END):
            plot.send_keys(key)
            at, values = self.browser.shown("missing-blocks")
            walked.append(tuple(self.block_row(at, values[0][1]).values()))
        self.assertEqual(walked[0], tuple(rows("run.plots/missing-blocks.csv")[0].values()))
        self.assertEqual(walked[3], tuple(rows("run.plots/missing-blocks.csv")[-1].values()))
        plot.send_keys("+")
        self.assertTrue(button.is_enabled())
        plot.send_keys(Keys.ESCAPE)
        self.assertFalse(button.is_enabled())
