import { expect, test } from "vitest"
import { openPage, type TestPage } from "./support/open-page.ts"

const wxml = `<picker-view value="{{value}}" indicator-style="height: 50px" bindchange="hear" bindpickstart="hear" bindpickend="hear">
  <picker-view-column><view wx:for="{{letters}}" wx:key="*this">{{item}}</view></picker-view-column>
  <picker-view-column><view id="one">1</view><view id="two">2</view></picker-view-column>
</picker-view>`
const data = { value: [1, 0], letters: ["a", "b", "c"] }

const chosen = (page: TestPage) =>
  [...page.document.querySelectorAll("[aria-selected=true]")].map(row => row.textContent)

test("a picker-view is turned to its value", async () => {
  const page = await openPage(wxml, { data })
  expect(chosen(page)).toEqual(["b", "1"])
  expect(page.find("wx-picker-view-column").scrollTop).toBe(50)
  page.setData({ value: [2, 1] })
  expect(chosen(page)).toEqual(["c", "2"])
  expect(page.errors).toEqual([])
  expect(page.warnings).toEqual([])
})

test("a tap on a row turns a picker-view to it", async () => {
  const page = await openPage(wxml, { data })
  page.tap("#two")
  expect(page.heard.map(({ type }) => type)).toEqual(["pickstart", "change", "pickend"])
  expect(page.details("change")).toEqual([{ value: [1, 1] }])
})

test("arrow keys turn a picker-view", async () => {
  const page = await openPage(wxml, { data })
  page.press("wx-picker-view-column", "ArrowDown")
  page.press("wx-picker-view-column", "Home")
  expect(page.details("change")).toEqual([{ value: [2, 0] }, { value: [0, 0] }])
})

test("a picker-view tells where it comes to rest", async () => {
  const page = await openPage(wxml, { data })
  const column = page.find("wx-picker-view-column")
  column.scrollTop = 90
  column.dispatchEvent(new page.window.Event("scroll"))
  await expect.poll(() => page.details("change")).toEqual([{ value: [2, 0] }])
})

test("rows that come later are turned to the value", async () => {
  const page = await openPage(wxml, { data: { ...data, letters: [] } })
  page.setData({ letters: ["a", "b", "c"] })
  await Promise.resolve()
  expect(chosen(page)).toEqual(["b", "1"])
})
