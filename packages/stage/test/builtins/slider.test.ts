import { expect, test } from "vitest"
import { openPage } from "./support/open-page.ts"

const wxml = `<slider id="s" min="0" max="200" step="10" value="{{value}}" show-value bindchange="hear" bindchanging="hear" />`

test("a slider tells its value while it is dragged and when it is let go", async () => {
  const page = await openPage(wxml, { data: { value: 40 } })
  const control = page.find<HTMLInputElement>("#s > input")
  control.value = "60"
  control.dispatchEvent(new page.window.Event("input", { bubbles: true }))
  control.dispatchEvent(new page.window.Event("change", { bubbles: true }))
  expect(page.heard).toMatchObject([
    { type: "changing", detail: { value: 60 } },
    { type: "change", detail: { value: 60 } },
  ])
  expect(page.heard).toHaveLength(2)
})

test("a slider shows its value", async () => {
  const page = await openPage(wxml, { data: { value: 40 } })
  expect(page.find("#s > span").textContent).toBe("40")
  page.setData({ value: 120 })
  expect(page.find("#s > span").textContent).toBe("120")
})

test("a slider keeps the styles that the page gives it beside its own", async () => {
  const page = await openPage(`<slider id="s" style="{{style}}" active-color="#123456" />`, {
    data: { style: "margin: 1px" },
  })
  page.setData({ style: "margin: 2px" })
  const { style } = page.find("#s")
  expect(style.margin).toBe("2px")
  expect(style.getPropertyValue("--stage-slider-active")).toBe("#123456")
})

test("a disabled slider can not be dragged", async () => {
  const page = await openPage(`<slider id="s" disabled />`)
  expect(page.find<HTMLInputElement>("#s > input").disabled).toBe(true)
})
