"""The replay of a replication: it plays, it is moved, and each device's story is that of devices.csv."""

import time

from selenium.webdriver.common.keys import Keys

from browser import PageTest, plain, rows


class Replay(PageTest):
    def open(self, page="run"):
        self.browser.open(page)
        stage = self.browser.see(self.browser.find("#replay .stage"))
        self.browser.wait(lambda: self.browser.run("return page.replay.isDrawn === true"), "the replay is drawn")
        return stage

    def clock(self):
        return float(self.browser.find("#replay .clock").text.split()[0])

    def story(self):
        return plain(self.browser.find("#replay .story").text)

    def pixels(self):
        return self.browser.run("return document.querySelector('#replay canvas').toDataURL()")

    def pin(self, device, page="run"):
        """Pins a device with a click on its row."""
        top, width = self.browser.run("""
          const at = page.replay.drawing;
          const place = at.order.findIndex((index) => page.replay.data.devices[index].device === arguments[0]);
          return [at.rowTop(place) + at.rowHeight / 2, at.width];""", device)
        stage = self.browser.find("#replay .stage")
        size = stage.size
        self.browser.actions().move_to_element_with_offset(
            stage, int(0), int(top - size["height"] / 2)).click().perform()

    def test_it_plays_pauses_and_ends(self):
        self.open()
        end = self.clock()
        button = self.browser.find("#replay .play")
        before = self.pixels()
        button.click()
        self.browser.wait(lambda: 0 < self.clock() < end, "time goes on")
        first = self.clock()
        self.browser.wait(lambda: self.clock() > first, "and on")
        button.click()
        stopped = self.clock()
        self.assertNotEqual(self.pixels(), before)
        time.sleep(0.3)
        self.assertEqual(self.clock(), stopped)
        self.browser.find("#replay select option[value='4']").click()
        button.click()
        self.browser.wait(lambda: self.clock() == end, "it ends")
        self.assertIn("Play", button.text)

    def test_the_slider_moves_the_time_and_the_counts(self):
        self.open()
        slider = self.browser.find("#replay input[type=range]")
        devices = [row for row in rows("run/devices.csv") if row["replication"] == "1"]
        for share in (300, 620, 1000):
            self.browser.run("arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('input'))",
                             slider, share)
            now = self.browser.run("return page.replay.time")
            complete = sum(1 for row in devices if row["completed_s"] and float(row["completed_s"]) <= now)
            counts = self.browser.run("""
              return Object.fromEntries([...document.querySelectorAll('#replay .legend li')].map((item) =>
                [item.querySelector('.series').textContent, item.querySelector('.value').textContent]));""")
            self.assertEqual(int(plain(counts["complete"])), complete, f"at {now} s")
            on = sum(1 for row in devices if float(row["join_s"]) <= now)
            self.assertEqual(sum(int(plain(text)) for text in counts.values() if text), on)

    def test_a_device_tells_what_devices_csv_has(self):
        self.open()
        table = [row for row in rows("run/devices.csv") if row["replication"] == "1"]
        promoted = [row for row in table if row["promoted_s"]][:3]
        for row in table[:2] + promoted + table[-2:]:
            self.pin(int(row["device"]))
            story = self.story()
            self.assertIn(f"Device {row['device']}, cohort {row['cohort']}", story)
            for name, words in (("join_s", "switched on at "), ("promoted_s", "promoted to smart at "),
                                ("completed_s", "complete at ")):
                if row[name]:
                    text = row[name].rstrip("0").rstrip(".") if "." in row[name] else row[name]
                    self.assertIn(words + (text or "0") + " s", story)
            if row["gap_bytes"] and row["gap_bytes"] != "0":
                self.assertIn(f"missed {row['gap_bytes']} B ({row['missing_packets']} blocks in {row['gaps']} gaps)", story)
            for role in row["roles"].split(">"):
                self.assertIn(role, story)
            self.browser.actions().send_keys(Keys.ESCAPE).perform()

    def test_a_pinned_device_leads_to_its_row(self):
        self.open()
        self.pin(17)
        link = self.browser.find("#replay .story a")
        self.browser.see(link).click()
        row = self.browser.find("#devices-17")
        self.assertTrue(row.is_displayed())
        self.assertIn("target", row.get_attribute("class"))

    def test_keys_choose_devices_move_the_time_and_play(self):
        stage = self.open()
        self.browser.run("arguments[0].focus()", stage)
        said = []
        for key in (Keys.HOME, Keys.ARROW_DOWN, Keys.END):
            stage.send_keys(key)
            said.append(stage.get_attribute("aria-valuetext").split(",")[0])
        last = max(int(row["device"]) for row in rows("run/devices.csv"))
        self.assertEqual(said, ["Device 1", "Device 2", f"Device {last}"])
        before = self.clock()
        stage.send_keys(Keys.ARROW_LEFT)
        self.assertLess(self.clock(), before)
        self.browser.run("page.replay.goTo(0)")
        stage.send_keys(Keys.SPACE)
        self.assertIn("Pause", self.browser.find("#replay .play").text)
        stage.send_keys(Keys.SPACE)
        self.assertIn("Play", self.browser.find("#replay .play").text)

    def test_devices_are_sorted_by_completion(self):
        self.open()
        self.browser.find("#replay select option[value='completed']").click()
        shown = self.browser.run("return page.replay.drawing.order.map((at) => page.replay.data.devices[at].completed)")
        known = [time for time in shown if time is not None]
        self.assertEqual(known, sorted(known))
        self.assertGreater(len(set(known)), 5)

    def test_five_hundred_devices_play_smoothly(self):
        self.open("many")
        frame = self.browser.run("""
          const before = performance.now();
          for (let index = 0; index < 50; index += 1) page.replay.goTo(page.replay.data.end * index / 50);
          return (performance.now() - before) / 50;""")
        print(f"a frame of 500 devices takes {frame:.1f} ms", flush=True)
        self.assertLess(frame, 80)


class CalmReplay(PageTest):
    arguments = ("--force-prefers-reduced-motion",)

    def test_who_wants_less_motion_gets_steps(self):
        self.browser.open("run")
        self.browser.see(self.browser.find("#replay .stage"))
        self.browser.wait(lambda: self.browser.run("return page.replay.isDrawn === true"), "the replay is drawn")
        self.browser.find("#replay .play").click()
        frames = self.browser.driver.execute_async_script("""
          const done = arguments[0];
          const show = page.replay.drawing.show.bind(page.replay.drawing);
          let frames = 0;
          page.replay.drawing.show = (...all) => { frames += 1; show(...all); };
          setTimeout(() => done(frames), 2500);""")
        self.assertIn(frames, (2, 3))
