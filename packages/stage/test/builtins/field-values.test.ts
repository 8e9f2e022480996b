import { expect, test } from "vitest"
import { openPage } from "./support/open-page.ts"

const wxml = `<form bindsubmit="hear" bindreset="hear">
  <checkbox-group name="boxes"><checkbox value="A" checked /><checkbox value="B" /></checkbox-group>
  <radio-group name="one"><radio value="A" /><radio value="B" checked /></radio-group>
  <switch name="on" checked />
  <slider name="much" min="10" value="40" />
  <textarea name="words" value="hello" />
  <picker name="pick" range="{{['x', 'y']}}" value="{{1}}">pick</picker>
  <picker name="day" mode="date" value="2026-05-20">day</picker>
  <button id="submit" form-type="submit" /><button id="reset" form-type="reset" />
</form>`

test("a form submits what its controls hold", async () => {
  const page = await openPage(wxml)
  page.tap("#submit")
  expect(page.details("submit")).toMatchObject([
    {
      value: {
        boxes: ["A"],
        one: "B",
        on: true,
        much: 40,
        words: "hello",
        pick: 1,
        day: "2026-05-20",
      },
    },
  ])
  expect(page.errors).toEqual([])
  expect(page.warnings).toEqual([])
})

test("a form that is reset empties its controls", async () => {
  const page = await openPage(wxml)
  page.tap("#reset")
  page.tap("#submit")
  expect(page.details("submit")).toMatchObject([
    { value: { boxes: [], one: "", on: false, much: 10, words: "", pick: 0, day: "" } },
  ])
})

test("a radio-group that nothing was chosen in submits an empty text", async () => {
  const page =
    await openPage(`<form bindsubmit="hear"><radio-group name="one"><radio value="A" /></radio-group>
    <button id="submit" form-type="submit" /></form>`)
  page.tap("#submit")
  expect(page.details("submit")).toMatchObject([{ value: { one: "" } }])
})
