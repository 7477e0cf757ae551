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
