"""Tables and links: sorting, searching, what an address leads to."""

from browser import PageTest, plain, rows


class Tables(PageTest):
    def column(self, table, name):
        return self.browser.run("""
          const table = arguments[0];
          const column = [...table.tHead.rows[0].cells].findIndex((cell) => cell.textContent.trim() === arguments[1]);
          return [...table.tBodies[0].rows].map((row) => row.cells[column].textContent);""", table, name)

    def header(self, table, name):
        return self.browser.run("""
          return [...arguments[0].tHead.rows[0].cells].find((cell) => cell.textContent.trim() === arguments[1]);""",
                                table, name)

    def show(self, table):
        """Opens what hides a table."""
        self.browser.run("""
          for (let place = arguments[0]; place; place = place.parentElement) {
            if (place.tagName === 'DETAILS') place.open = true;
          }""", table)
        return self.browser.see(table)

    def devices(self):
        self.browser.open("many")
        return self.show(self.browser.find("#t-devices"))

    def test_a_click_sorts_numbers_as_numbers_both_ways(self):
        table = self.devices()
        header = self.header(table, "completed_s")
        button = self.browser.run("return arguments[0].querySelector('button')", header)
        self.browser.see(button).click()
        self.assertEqual(header.get_attribute("aria-sort"), "ascending")
        expected = sorted((row["completed_s"] for row in rows("many/devices.csv") if row["completed_s"]), key=float)
        shown = self.column(table, "completed_s")
        self.assertEqual([float(text) for text in shown], [float(text) for text in expected[:len(shown)]])
        button.click()
        self.assertEqual(header.get_attribute("aria-sort"), "descending")
        shown = self.column(table, "completed_s")
        self.assertEqual([float(text) for text in shown], [float(text) for text in expected[::-1][:len(shown)]])
        button.click()
        self.assertIsNone(header.get_attribute("aria-sort"))

    def test_units_are_understood(self):
        self.browser.open("run")
        figure = "return page.tables.figure(arguments[0])"
        order = ["900 ms", "22.1 ± 8.7 s", "1.5 min"]
        values = [self.browser.run(figure, text) for text in order]
        self.assertEqual(values, sorted(values))
        self.assertEqual(self.browser.run(figure, "11\u202f453 KiB"), 11453 * 1024)
        self.assertEqual(self.browser.run(figure, "−3"), -3)

        for text, value in (
                ("2 us", 2e-6), ("10 Mbit/s", 1e7), ("1 Gbit/s", 1e9), ("3 KB", 3e3), ("±1.5 %", 0.015),
                ("+13\u202f055 %", 130.55), ("≈ +0.2 s [−0.1, 0.5]", 0.2), ("1.78 to 33.08 MiB", 1.78 * 2**20),
                ("3.5 [0.0, 4.0] KiB", 3584), ("2 of 4 points", 2)):
            self.assertAlmostEqual(self.browser.run(figure, text), value, msg=text)
        for text in ("–", "never", "5e9ed68e", "0.1.0", "2026-11-30", ""):
            self.assertIsNone(self.browser.run(figure + " || null", text), text)

    def sort(self, table, column):
        """Clicks on the header of a column by its number, and gives the column's fields as they stand then."""
        return self.browser.run("""
          const [table, column] = arguments;
          table.tHead.rows[0].cells[column].querySelector('button').click();
          return [...table.tBodies[0].rows].map((row) => row.cells[column].textContent);""", table, column)

    def test_what_has_no_value_stands_last_and_leaves_numbers_numbers(self):
        self.browser.open("race")
        table, column = self.browser.run("""
          for (const table of document.querySelectorAll('table.data')) {
            const column = [...table.tHead.rows[0].cells].findIndex((cell) => cell.textContent.trim() === 'to the best');
            if (column >= 0) return [table, column];
          }""")
        self.show(table)
        up, down = self.sort(table, column), self.sort(table, column)
        self.assertEqual((up[-1], down[-1]), ("–", "–"), up)
        figures = [self.browser.run("return page.tables.figure(arguments[0])", text) for text in up[:-1]]
        self.assertGreater(len(figures), 3)
        self.assertEqual(figures, sorted(figures))
        self.assertEqual(down[:-1], up[-2::-1])

    def test_a_share_is_sorted_by_what_it_is(self):
        self.browser.open("compare")
        table = self.show(self.browser.run("""return [...document.querySelectorAll('table.data')].find((table) =>
          table.id.endsWith('-metrics'))"""))
        column = self.browser.run("""return [...arguments[0].tHead.rows[0].cells].findIndex((cell) =>
          cell.textContent.startsWith('share of'))""", table)
        self.sort(table, column)
        keys = self.browser.run("""return [...arguments[0].tBodies[0].rows].map((row) =>
          row.cells[arguments[1]].dataset.v ?? null)""", table, column)
        values = [float(key) for key in keys if key is not None]
        self.assertGreater(len(values), 10)
        self.assertEqual(values, sorted(values))
        self.assertNotIn(None, keys[:len(values)])

    def test_units_of_a_key_are_sorted_by_size(self):
        self.browser.open("hostile")
        table = self.show(self.browser.find("#data-makespan"))
        column = [each.replace("\n", "") for each in self.browser.run(
            "return [...arguments[0].tHead.rows[0].cells].map((cell) => cell.textContent)", table)].index(
                "cohorts[0].latency")
        shown = self.sort(table, column)
        self.assertEqual(list(dict.fromkeys(shown)), ["20 us", "500 us", "2 ms"])

    def test_columns_of_one_name_are_sorted_each_by_itself(self):
        self.browser.open("sweep")
        table = self.show(self.browser.find("#t-effect-1"))
        names = self.browser.run("return page.allTables.find((each) => each.table === arguments[0]).names", table)
        columns = [at for at, name in enumerate(names) if name == "costs"]
        self.assertGreater(len(columns), 1)
        sorts = "return [...arguments[0].tHead.rows[0].cells].map((cell) => cell.getAttribute('aria-sort'))"
        for number, column in enumerate(columns, 1):
            for order in ("ascending", "descending"):
                self.sort(table, column)
                self.assertEqual(self.browser.run(sorts, table),
                                 [order if at == column else None for at in range(len(names))])
                keys = self.browser.run("""return [...arguments[0].tBodies[0].rows].map((row) =>
                  Number(row.cells[arguments[1]].dataset.v))""", table, column)
                self.assertEqual(keys, sorted(keys, reverse=order == "descending"))
            anchor = self.browser.run("return location.hash")
            self.assertEqual(anchor, "#t-effect-1~sort=-costs" + (f":{number}" if number > 1 else ""))
        self.browser.open("sweep", anchor)
        self.assertEqual(self.browser.run(sorts, self.browser.find("#t-effect-1"))[columns[-1]], "descending")

    def test_every_button_to_sort_has_a_name(self):
        self.browser.open("hostile")
        self.assertTrue(self.browser.all("#t-expectations"))
        names = self.browser.run("return [...document.querySelectorAll('button.sort')].map((each) => each.textContent)")
        self.assertEqual([name for name in names if not name.strip()], [])

    def test_a_broken_address_breaks_nothing(self):
        """What is said to the console is an error of any test."""
        self.browser.open("run", "#%E0%A4%A")
        self.assertGreater(len(self.browser.all("button.sort")), 3)

    def test_search_filters_all_rows_and_counts_them(self):
        table = self.devices()
        all_rows = rows("many/devices.csv")
        field = self.browser.find("input[aria-label='Search in Devices']") if self.browser.all(
            "input[aria-label='Search in Devices']") else self.browser.run(
                "return page.allTables.find((each) => each.table === arguments[0]).field", table)
        needle = all_rows[-1]["completed_s"] or all_rows[-1]["join_s"]
        self.browser.see(field).send_keys(needle)
        expected = [row for row in all_rows if any(needle in cell for cell in row.values())]
        self.assertEqual(len(self.column(table, "device")), len(expected))
        status = self.browser.run("return page.allTables.find((each) => each.table === arguments[0]).status", table)
        self.assertEqual(plain(status.text), f"{len(expected)} of {len(all_rows)} rows")
        field.clear()
        field.send_keys("no such device")
        self.assertEqual(self.column(table, "device"), [])

    def test_a_table_gives_back_the_file(self):
        table = self.devices()
        text = self.browser.run("return page.allTables.find((each) => each.table === arguments[0]).csv", table)
        lines = text.splitlines()
        expected = rows("many/devices.csv")
        self.assertEqual(len(lines), len(expected) + 1)
        names = lines[0].split(",")
        self.assertEqual(dict(zip(names, lines[18].split(","))), {name: expected[17][name] for name in names})

    def test_an_address_opens_what_hides_its_target(self):
        self.browser.open("many", "#devices-17")
        row = self.browser.find("#devices-17")
        self.assertTrue(row.is_displayed())
        self.assertTrue(self.browser.run("const box = arguments[0].getBoundingClientRect();"
                                         "return box.top >= 0 && box.bottom <= innerHeight", row))
        self.assertEqual(self.browser.run("return arguments[0].closest('table').id", row), "t-devices")
        # A row that is not in the markup.
        self.browser.open("many", "#devices-2-300")
        self.assertTrue(self.browser.find("#devices-2-300").is_displayed())

    def test_an_address_keeps_how_a_table_is_sorted(self):
        table = self.devices()
        header = self.header(table, "completed_s")
        button = self.browser.run("return arguments[0].querySelector('button')", header)
        self.browser.see(button).click()
        button.click()
        anchor = self.browser.run("return location.hash")
        self.assertEqual(anchor, "#t-devices~sort=-completed_s")
        before = self.column(table, "completed_s")
        self.browser.open("many", anchor)
        self.assertEqual(self.column(self.browser.find("#t-devices"), "completed_s"), before)

    def test_headings_have_links_to_themselves(self):
        self.browser.open("run")
        signs = self.browser.all("main :is(h2, h3) a.sign")
        self.assertGreater(len(signs), 5)
        for sign in signs:
            target = sign.get_attribute("href").split("#")[1]
            self.assertTrue(self.browser.run("return document.getElementById(decodeURIComponent(arguments[0])) !== null",
                                             target), target)
