"""Charts: values under the pointer, zoom, series, shared cursor, keys."""

import re

from selenium.webdriver.common.keys import Keys

from browser import OTHERS, PAGES, PageTest, plain, rows

NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[-+]?\d+)?")


def cells(page, figure):
    """The texts in the CSV file of a picture."""
    return {cell for row in rows(f"{page}.plots/{figure}.csv") for cell in row.values()}


class Charts(PageTest):
    def live(self):
        return self.browser.run("return Object.keys(page.charts)")

    def test_every_page_has_charts_and_each_tells_numbers_of_its_csv(self):
        for page in PAGES:
            self.browser.open(page)
            figures = self.live()
            self.assertGreater(len(figures), 0, page)
            for figure in figures:
                with self.subTest(page=page, figure=figure):
                    self.look_at_values(page, figure)

    def look_at_values(self, page, figure):
        known = cells(page, figure)
        plot = self.browser.chart(figure)
        told = 0
        for across in (0.2, 0.35, 0.5, 0.65, 0.8):
            self.browser.point(plot, across, 0.4)
            for name, value in self.browser.shown(figure)[1]:
                for found in NUMBER.findall(value):
                    # A rate is a share in the files of a tuning, and has per cent on an axis.
                    share = f"{float(found) / 100:.9f}".rstrip("0").rstrip(".")
                    self.assertTrue(found in known or "%" in value and share in known, f"{name}: {value}")
                    told += 1
        self.assertGreater(told, 0)

    def test_steps_begin_with_a_rise(self):
        """A single device that is complete is a line from 0 to 100 %, not a point."""
        self.browser.open("run")
        self.browser.chart("completion")
        found = self.browser.run("""
          const { chart, places } = page.charts.completion;
          const rows = page.series.rows(chart, places);
          return chart.series.map((series, at) => rows.filter((row) => row[0] === series.x[0] && row[at + 1] !== null)
            .map((row) => row[at + 1]).slice(0, 2)).filter((values) => values[0] !== 0 || !(values[1] > 0)).length;""")
        self.assertEqual(found, 0)

    def test_points_of_time_against_bytes_have_the_numbers_of_the_csv(self):
        """Both coordinates, in the unit of the axis."""
        for page in ("sweep", "tune", "race"):
            self.browser.open(page)
            known = cells(page, "time-bytes")
            self.browser.chart("time-bytes")
            values = self.browser.run("return page.charts['time-bytes'].chart.series.flatMap((series) =>"
                                      " [...series.x, ...series.y, ...series.low, ...series.high].map(page.number))")
            self.assertGreater(len(values), 3)
            for value in values:
                self.assertIn(value, known, page)

    def test_the_roles_under_the_pointer_are_a_row_of_the_csv(self):
        self.browser.open("run")
        table = rows("run.plots/roles.csv")
        time = next(iter(table[0]))
        plot = self.browser.chart("roles")
        for across in (0.3, 0.6, 0.9):
            self.browser.point(plot, across, 0.5)
            at, values = self.browser.shown("roles")
            row = [row for row in table if row[time] == at.split()[1]]
            self.assertEqual(len(row), 1, at)
            for name, value in values:
                self.assertEqual(value.split()[0], row[0][name.split()[0] + "_devices"], f"{name} at {at}")

    def test_a_line_of_completion_has_the_share_of_the_csv(self):
        self.browser.open("race")
        table = rows("race.plots/completion.csv")
        time = next(name for name in table[0] if name.startswith("time_"))
        table = [row for row in table if row["replication"] == "median"]
        plot = self.browser.chart("completion")
        seen = 0
        for across in (0.3, 0.5, 0.7, 0.9):
            self.browser.point(plot, across, 0.5)
            at, values = self.browser.shown("completion")
            now = float(at.replace("time from a device's join to its last block", "").split()[0])
            for name, value in values:
                before = [row for row in table if row["strategy"] == name and float(row[time]) <= now]
                if not before or value == "–":
                    continue
                self.assertEqual(value.split()[0], before[-1]["complete_percent"], f"{name} at {at}")
                seen += 1
        self.assertGreater(seen, 3)

    def range(self, figure):
        return self.browser.run("return page.charts[arguments[0]].graph.xAxisRange()", figure)

    def drag(self, plot, start, end):
        width = plot.size["width"]
        self.browser.point(plot, start, 0.5)
        self.browser.actions().click_and_hold().move_by_offset(int((end - start) * width), 0).release().perform()

    def test_drag_zooms_and_a_button_and_a_double_click_show_all_again(self):
        self.browser.open("run")
        plot = self.browser.chart("completion")
        whole = self.range("completion")
        button = self.browser.find("#completion .reset")
        for back in (button.click, lambda: self.browser.actions().double_click(plot).perform()):
            self.assertFalse(button.is_enabled())
            self.drag(plot, 0.4, 0.7)
            near = self.range("completion")
            self.assertLess(near[1] - near[0], 0.5 * (whole[1] - whole[0]))
            self.assertTrue(button.is_enabled())
            back()
            self.assertEqual(self.range("completion"), whole)

    def test_an_address_keeps_the_stretch_that_a_chart_shows(self):
        self.browser.open("run")
        self.drag(self.browser.chart("completion"), 0.4, 0.7)
        near = self.range("completion")
        anchor = self.browser.run("return location.hash")
        self.assertTrue(anchor.startswith("#completion~x="), anchor)
        self.browser.open("run", anchor)
        self.browser.chart("completion")
        for one, other in zip(self.range("completion"), near):
            self.assertAlmostEqual(one, other, delta=1e-4 * abs(other))
        self.browser.find("#completion .reset").click()
        self.assertEqual(self.browser.run("return location.hash"), "#completion")

    def test_what_stands_apart_from_a_line_has_its_name_and_its_button(self):
        self.browser.open("sweep")
        self.browser.chart("makespan")
        kinds = self.browser.run("return page.charts.makespan.chart.series.map((series) => [series.name, series.kind])")
        lines = [name for name, kind in kinds if kind == "line"]
        self.assertTrue(lines and all([name, "points"] in kinds for name in lines), kinds)
        names = [each.text for each in self.browser.all("#makespan .legend .name")]
        self.assertEqual(len(set(names)), len(names), names)
        self.browser.find("#makespan .series").click()
        hidden = self.browser.run("return [...page.charts.makespan.hidden].map((at) => page.charts.makespan.chart.series[at])")
        self.assertEqual(sorted(each["kind"] for each in hidden), ["line", "points"])
        self.browser.point(self.browser.find("#makespan .plot"), 0.005, 0.5)
        values = dict(self.browser.shown("makespan")[1])
        self.assertTrue(any(re.search(r"\d", values[name]) for name in lines), values)

    def test_ticks_of_logarithmic_axes_are_powers_of_ten_and_what_lies_evenly_between(self):
        ticks = "return page.logTicks(page.grouped, arguments[0], ...arguments[1]).map(({ v }) => v)"
        self.browser.open("run")
        self.assertEqual(self.browser.run(ticks, False, [0.04, 30, 400]), [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20])
        self.assertEqual(self.browser.run(ticks, True, [0.04, 30, 200]), [0.1, 1, 10])
        self.assertEqual(self.browser.run(ticks, True, [0.04, 3e6, 120]), [1, 1e5])

    def test_the_roles_have_a_tick_at_all_devices(self):
        self.browser.open("run")
        self.browser.chart("roles")
        texts = [plain(each.text) for each in self.browser.all("#roles .dygraph-axis-label-y")]
        self.assertIn(str(self.browser.run("return page.charts.roles.chart.y.range[1]")), texts)

    def test_words_beside_points_cover_no_points(self):
        self.browser.open("race")
        self.browser.chart("time-bytes")
        words, covered = self.browser.run("""
          const { chart, graph } = page.charts['time-bytes'];
          const boxes = [];
          const { words } = page.drawing;
          page.drawing.words = (context, text, left, top, width) => {
            boxes.push({ text, left, top, width });
            words.call(page.drawing, context, text, left, top, width);
          };
          graph.updateOptions({});
          page.drawing.words = words;
          const points = chart.series.filter((series) => series.kind === 'points').flatMap((series) =>
            series.x.map((x, index) => [graph.toDomXCoord(x), graph.toDomYCoord(series.y[index])]));
          return [boxes.map(({ text }) => text), boxes.filter(({ left, top, width }) => points.some(([x, y]) =>
            x > left && x < left + width && y > top - 12 && y < top + 4)).map(({ text }) => text)];""")
        self.assertGreater(len(words), 3)
        self.assertEqual(covered, [])

    def test_lines_of_one_colour_differ_in_the_legend(self):
        self.browser.open("race")
        self.browser.chart("completion")
        swatches = self.browser.run("""
          return [...document.querySelectorAll('#completion .legend .swatch')].map((each) => each.style.background)""")
        self.assertEqual(len(set(swatches)), len(swatches), swatches)

    def test_points_of_one_colour_differ_in_their_shapes(self):
        self.browser.open("race")
        self.browser.chart("time-bytes")
        looks = self.browser.run("""return page.charts['time-bytes'].chart.series.map((series) =>
          [series.kind, series.paint, series.shape ?? null])""")
        points = [(paint, shape) for kind, paint, shape in looks if kind == "points"]
        self.assertGreater(len(points), 6)
        self.assertEqual(len(set(points)), len(points), points)
        swatches = self.browser.run("""
          return [...document.querySelectorAll('#time-bytes .legend .swatch')]
            .map((each) => each.className + each.style.background)""")
        self.assertEqual(len(set(swatches)), len(swatches), swatches)

    def test_a_name_at_a_tick_is_text(self):
        """Names of segments are the values of a key here, and one is an element with a script."""
        name = "<img src onerror=alert(8)>"
        self.browser.open("names")
        for figure in self.live():
            self.browser.chart(figure)
        labels = [each.text for each in self.browser.all(".dygraph-axis-label")]
        self.assertIn("<u>two</u>", labels)
        self.assertTrue(any(name.startswith(label) for label in labels if label.startswith("<img")), labels)
        self.assertEqual(self.browser.all(".plot img, .plot u, main :is(img, u)"), [])

    def test_what_comes_from_elsewhere_does_not_run_and_is_not_loaded(self):
        self.browser.open("run")
        self.browser.run("""
          const box = document.createElement('div');
          box.innerHTML = '<img src="x.png" onerror="window.ran = true"><img src="//example.org/y">';
          document.body.append(box, Object.assign(document.createElement('script'), { text: 'window.ran = true' }));""")
        said = []

        def refused():
            said.extend(self.browser.errors())
            return len(said) >= 3

        self.browser.wait(refused, "the browser refuses all three")
        self.assertFalse(self.browser.run("return window.ran === true"))
        self.assertTrue(all("Content Security Policy" in each for each in said), said)

    def test_a_series_can_be_left_out(self):
        self.browser.open("run")
        self.browser.chart("completion")
        pixels = "return document.querySelector('#completion .plot canvas').toDataURL()"
        before = self.browser.run(pixels)
        button = self.browser.find("#completion .series")
        self.assertEqual(button.get_attribute("aria-pressed"), "true")
        button.click()
        self.assertEqual(button.get_attribute("aria-pressed"), "false")
        self.assertNotEqual(self.browser.run(pixels), before)
        button.click()
        self.assertEqual(self.browser.run(pixels), before)

    def test_charts_over_the_same_time_have_one_cursor_and_one_zoom(self):
        self.browser.open("run")
        self.browser.chart("uplink")
        plot = self.browser.chart("roles")
        self.browser.point(plot, 0.6, 0.5)
        at = self.browser.shown("roles")[0]
        self.assertIn("time", at)
        self.assertEqual(self.browser.shown("uplink")[0].split()[1], at.split()[1])
        self.drag(plot, 0.3, 0.6)
        self.assertEqual(self.range("uplink"), self.range("roles"))

    def test_keys_move_the_cursor_zoom_and_go_back(self):
        self.browser.open("run")
        plot = self.browser.chart("completion")
        self.browser.run("arguments[0].focus()", plot)
        whole = self.range("completion")
        said = []
        for key in (Keys.END, Keys.ARROW_LEFT, Keys.HOME):
            plot.send_keys(key)
            said.append(plot.get_attribute("aria-valuetext"))
        self.assertEqual(len(set(said)), 3, said)
        self.assertIn("%", said[0])
        plot.send_keys("+")
        self.assertLess(self.range("completion")[1] - self.range("completion")[0], whole[1] - whole[0])
        plot.send_keys(Keys.ESCAPE)
        self.assertEqual(self.range("completion"), whole)

    def test_the_picture_comes_back_by_a_button(self):
        self.browser.open("run")
        self.browser.chart("completion")
        picture = self.browser.find("#completion .picture")
        self.assertFalse(picture.is_displayed())
        self.browser.find("#completion button.picture-toggle").click()
        self.assertTrue(picture.is_displayed())
        self.assertFalse(self.browser.find("#completion .plot").is_displayed())

    def test_charts_are_drawn_only_when_they_come_near(self):
        self.browser.open("many")
        drawn = "return Object.values(page.charts).map((chart) => chart.graph !== undefined)"
        self.assertIn(False, self.browser.run(drawn))
        for figure in self.live():
            self.browser.chart(figure)
        self.assertNotIn(False, self.browser.run(drawn))

    def test_the_page_is_usable_within_a_second(self):
        for page in PAGES + OTHERS:
            self.browser.open(page)
            taken = self.browser.run("const [page] = performance.getEntriesByType('navigation');"
                                     "return page.domContentLoadedEventEnd - page.startTime")
            print(f"{page}: usable after {taken:.0f} ms", flush=True)
            self.assertLess(taken, 5000)
