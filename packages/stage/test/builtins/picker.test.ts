import { expect, test } from "vitest"
import { openPage, type TestPage } from "./support/open-page.ts"

/** The texts of the columns of the open sheet. */
const columns = (page: TestPage) =>
  [...page.document.querySelectorAll(".stage-picker-columns > *")].map(list =>
    [...list.children].map(row => row.textContent ?? ""),
  )
const chosen = (page: TestPage) =>
  [...page.document.querySelectorAll(".stage-picker-columns [aria-selected=true]")].map(
    row => row.textContent,
  )

function choose(page: TestPage, column: number, text: string): void {
  const list = page.document.querySelectorAll(".stage-picker-columns > *")[column]
  const row = [...(list?.children ?? [])].find(row => row.textContent === text)
  if (row === undefined) throw new Error(`no row says ${text}`)
  page.tap(row)
}

async function confirm(page: TestPage): Promise<void> {
  page.tap(".stage-picker-confirm")
  await new Promise(process.nextTick)
}

const one = `<picker id="p" range="{{range}}" range-key="name" value="{{1}}" bindchange="hear" bindcancel="hear"><text id="t">pick</text></picker>`
const range = [{ name: "Ann" }, { name: "Bob" }, { name: "Eve" }]

test("a picker opens a dialog with what can be chosen", async () => {
  const page = await openPage(one, { data: { range } })
  page.tap("#t")
  expect(page.find("[role=dialog]").getAttribute("aria-label")).toBe("请选择")
  expect(columns(page)).toEqual([["Ann", "Bob", "Eve"]])
  expect(chosen(page)).toEqual(["Bob"])
})

test("a selector tells the place of what was chosen, as a text", async () => {
  const page = await openPage(one, { data: { range } })
  page.tap("#t")
  choose(page, 0, "Eve")
  await confirm(page)
  expect(page.details("change")).toEqual([{ value: "2" }])
  expect(page.document.querySelector("[role=dialog]")).toBeNull()
  expect(page.errors).toEqual([])
  expect(page.warnings).toEqual([])
})

test("Escape cancels a picker", async () => {
  const page = await openPage(one, { data: { range } })
  page.tap("#t")
  page.press(".stage-picker-confirm", "Escape")
  await new Promise(process.nextTick)
  expect(page.heard.map(({ type }) => type)).toEqual(["cancel"])
})

test("a tap beside the sheet cancels a picker", async () => {
  const page = await openPage(one, { data: { range } })
  page.tap("#t")
  page.tap(".stage-picker-sheet")
  await new Promise(process.nextTick)
  expect(page.heard.map(({ type }) => type)).toEqual(["cancel"])
})

test("arrow keys turn a wheel", async () => {
  const page = await openPage(one, { data: { range } })
  page.press("#p", "Enter")
  page.press(".stage-picker-columns > *", "ArrowUp")
  expect(chosen(page)).toEqual(["Ann"])
})

test("a disabled picker does not open", async () => {
  const page = await openPage(`<picker id="p" disabled range="{{['a']}}">pick</picker>`)
  page.tap("#p")
  expect(page.document.querySelector("[role=dialog]")).toBeNull()
})

const several = `<picker id="p" mode="multiSelector" range="{{range}}" value="{{value}}" bindchange="hear" bindcolumnchange="hear">pick</picker>`

test("a multiSelector tells of each column that is turned, and all of them in the end", async () => {
  const data = {
    range: [
      ["a", "b"],
      ["1", "2", "3"],
    ],
    value: [0, 2],
  }
  const page = await openPage(several, { data })
  page.tap("#p")
  choose(page, 0, "b")
  await confirm(page)
  expect(page.details("columnchange")).toEqual([{ column: 0, value: 1 }])
  expect(page.details("change")).toEqual([{ value: [1, 2] }])
})

test("a multiSelector that is open follows its range and its value", async () => {
  const page = await openPage(several, {
    data: {
      range: [
        ["a", "b"],
        ["1", "2", "3"],
      ],
      value: [0, 2],
    },
  })
  page.tap("#p")
  choose(page, 0, "b")
  page.setData({ "range[1]": ["x", "y"] })
  expect(columns(page)).toEqual([
    ["a", "b"],
    ["x", "y"],
  ])
  expect(chosen(page)).toEqual(["b", "y"])
  page.setData({ value: [1, 0] })
  expect(chosen(page)).toEqual(["b", "x"])
})

test("a time is between start and end", async () => {
  const page = await openPage(
    `<picker id="p" mode="time" value="09:30" start="09:20" end="11:10" bindchange="hear">pick</picker>`,
  )
  page.tap("#p")
  expect(columns(page)[0]).toEqual(["09时", "10时", "11时"])
  expect(chosen(page)).toEqual(["09时", "30分"])
  choose(page, 0, "11时")
  expect(columns(page)[1]?.at(-1)).toBe("10分")
  await confirm(page)
  expect(page.details("change")).toEqual([{ value: "11:10" }])
})

test("a date has as many days as its month", async () => {
  const page = await openPage(`<picker id="p" mode="date" value="2024-01-31" bindchange="hear">pick</picker>`)
  page.tap("#p")
  choose(page, 1, "02月")
  expect(chosen(page)).toEqual(["2024年", "02月", "29日"])
  choose(page, 0, "2023年")
  await confirm(page)
  expect(page.details("change")).toEqual([{ value: "2023-02-28" }])
})

test("a date is no finer than its fields", async () => {
  const page = await openPage(
    `<picker id="p" mode="date" fields="month" value="2024-03" bindchange="hear">pick</picker>`,
  )
  page.tap("#p")
  expect(columns(page)).toHaveLength(2)
  await confirm(page)
  expect(page.details("change")).toEqual([{ value: "2024-03" }])
})

test("a date that nothing is said of opens today", async () => {
  const page = await openPage(`<picker id="p" mode="date" fields="year" bindchange="hear">pick</picker>`)
  page.tap("#p")
  expect(chosen(page)).toEqual([`${new Date().getFullYear()}年`])
})

test("a region tells its names, their codes and the postcode", async () => {
  const page = await openPage(`<picker id="p" mode="region" bindchange="hear">pick</picker>`)
  page.tap("#p")
  choose(page, 0, "广东省")
  choose(page, 1, "深圳市")
  choose(page, 2, "南山区")
  await confirm(page)
  expect(page.details("change")).toEqual([
    { value: ["广东省", "深圳市", "南山区"], code: ["440000", "440300", "440305"], postcode: "518000" },
  ])
})

test("a region may be all of them", async () => {
  const page = await openPage(
    `<picker id="p" mode="region" custom-item="全部" bindchange="hear">pick</picker>`,
  )
  page.tap("#p")
  choose(page, 0, "浙江省")
  await confirm(page)
  expect(page.details("change")).toEqual([{ value: ["浙江省", "全部", "全部"], code: ["330000"] }])
})
