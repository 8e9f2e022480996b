import { expect, test } from "vitest"
import { openPage } from "./support/open-page.ts"

const boxes = `<checkbox-group bindchange="hear"><checkbox id="a" value="A" /><label id="l"><text id="t">B</text><checkbox id="b" value="B" /></label><checkbox id="c" value="C" disabled /></checkbox-group>`

test("checkbox-group tells the values in the order in which they were checked", async () => {
  const page = await openPage(boxes)
  page.tap("#b")
  page.tap("#a")
  page.tap("#b")
  expect(page.details("change")).toEqual([{ value: ["B"] }, { value: ["B", "A"] }, { value: ["A"] }])
  expect(page.errors).toEqual([])
  expect(page.warnings).toEqual([])
})

test("a disabled checkbox is not checked", async () => {
  const page = await openPage(boxes)
  page.tap("#c")
  expect(page.heard).toEqual([])
  expect(page.find("#c").getAttribute("aria-checked")).toBe("false")
})

test("a tap on a label goes to the control in it, once", async () => {
  const page = await openPage(boxes)
  page.tap("#t")
  expect(page.details("change")).toEqual([{ value: ["B"] }])
  page.tap("#b")
  expect(page.details("change")).toEqual([{ value: ["B"] }, { value: [] }])
})

test("a label with for speaks for the control of that id", async () => {
  const page = await openPage(`<label for="s" id="l">on</label><switch id="s" bindchange="hear" />`)
  page.tap("#l")
  expect(page.details("change")).toEqual([{ value: true }])
})

test("a label gives the focus to a field", async () => {
  const page = await openPage(`<label><text id="t">name</text><input id="i" /></label>`)
  page.tap("#t")
  expect(page.document.activeElement).toBe(page.find("#i > input"))
})

test("a label presses a button", async () => {
  const page = await openPage(`<label><text id="t">go</text><button id="b" bindtap="hear" /></label>`)
  page.tap("#t")
  expect(page.heard.map(({ id }) => id)).toEqual(["b"])
})

const radios = `<radio-group bindchange="hear"><radio id="a" value="A" checked /><radio id="b" value="B" /></radio-group>`

test("radio-group tells the one that was chosen, and the others are let go", async () => {
  const page = await openPage(radios)
  page.tap("#b")
  page.tap("#b")
  expect(page.details("change")).toEqual([{ value: "B" }])
  expect(page.find("#a").getAttribute("aria-checked")).toBe("false")
})

test("arrow keys choose among radios", async () => {
  const page = await openPage(radios)
  page.press("#a", "ArrowDown")
  expect(page.details("change")).toEqual([{ value: "B" }])
  expect(page.document.activeElement).toBe(page.find("#b"))
})

test("a switch tells what it is now, and model: follows", async () => {
  const page = await openPage(`<switch id="s" model:checked="{{on}}" bindchange="hear" />`, {
    data: { on: true },
  })
  page.tap("#s")
  expect(page.details("change")).toEqual([{ value: false }])
  expect(page.data()).toEqual({ on: false })
})

test("the space bar presses a switch", async () => {
  const page = await openPage(`<switch id="s" bindchange="hear" />`)
  page.press("#s", " ")
  expect(page.details("change")).toEqual([{ value: true }])
})

test("a switch of type checkbox is one to screen readers", async () => {
  const page = await openPage(`<switch id="s" type="checkbox" />`)
  expect(page.find("#s").getAttribute("role")).toBe("checkbox")
})
