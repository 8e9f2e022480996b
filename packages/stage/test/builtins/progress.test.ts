import { afterEach, expect, test, vi } from "vitest"
import { openPage } from "./support/open-page.ts"

afterEach(() => {
  vi.useRealTimers()
})

test("progress is as wide as its percent", async () => {
  const page = await openPage(`<progress percent="{{percent}}" />`, { data: { percent: 20 } })
  expect(page.find(".stage-progress-bar > div").style.width).toBe("20%")
  page.setData({ percent: 35 })
  expect(page.find(".stage-progress-bar > div").style.width).toBe("35%")
})

test("progress shows its percent where it is asked to", async () => {
  const page = await openPage(`<progress percent="35" show-info="{{info}}" />`, { data: { info: false } })
  expect(page.find(".stage-progress-info").hidden).toBe(true)
  page.setData({ info: true })
  expect(page.find(".stage-progress-info").textContent).toBe("35%")
  expect(page.find(".stage-progress-info").hidden).toBe(false)
})

test("progress tells screen readers its percent, which is not above 100", async () => {
  const page = await openPage(`<progress percent="350" />`)
  expect(page.find("wx-progress").getAttribute("aria-valuenow")).toBe("100")
})

test("progress that grows tells when it has", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] })
  const page = await openPage(`<progress percent="50" active duration="10" bindactiveend="hear" />`)
  await vi.advanceTimersByTimeAsync(499)
  expect(page.heard).toEqual([])
  await vi.advanceTimersByTimeAsync(1)
  expect(page.details("activeend")).toEqual([{ curPercent: 50 }])
})
