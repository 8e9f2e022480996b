import { afterEach, expect, test, vi } from "vitest"
import { openPage, type TestPage } from "./support/open-page.ts"

afterEach(() => {
  vi.useRealTimers()
})

const items = `<swiper-item item-id="a"><text id="a">a</text></swiper-item><swiper-item item-id="b"><text id="b">b</text></swiper-item><swiper-item item-id="c"><text id="c">c</text></swiper-item>`
const swiper = (attributes = "") =>
  `<swiper id="s" current="{{current}}" indicator-dots ${attributes} bindchange="hear">${items}</swiper>`

const seen = (page: TestPage) =>
  [...page.document.querySelectorAll("wx-swiper-item[aria-hidden=false]")].map(item => item.textContent)

test("a swiper shows one item, and a dot for each", async () => {
  const page = await openPage(swiper(), { data: { current: 1 } })
  expect(seen(page)).toEqual(["b"])
  expect(page.find(".stage-swiper-dots").childElementCount).toBe(3)
  expect(page.heard).toEqual([])
  expect(page.errors).toEqual([])
  expect(page.warnings).toEqual([])
})

test("a swiper that is dragged tells that a finger turned it", async () => {
  const page = await openPage(swiper(), { data: { current: 0 } })
  page.drag("#a", [200, 0], [100, 0])
  await Promise.resolve()
  expect(page.details("change")).toEqual([{ current: 1, currentItemId: "b", source: "touch" }])
  expect(seen(page)).toEqual(["b"])
})

test("a swiper that the page turns tells so without a source", async () => {
  const page = await openPage(swiper(), { data: { current: 0 } })
  page.setData({ current: 2 })
  await Promise.resolve()
  expect(page.details("change")).toEqual([{ current: 2, currentItemId: "c", source: "" }])
})

test("a swiper that is not circular ends at its last item", async () => {
  const page = await openPage(swiper(), { data: { current: 2 } })
  page.press("#s", "ArrowRight")
  await Promise.resolve()
  expect(page.heard).toEqual([])
})

test("a circular swiper goes on from its last item to the first", async () => {
  const page = await openPage(swiper("circular"), { data: { current: 2 } })
  page.press("#s", "ArrowRight")
  await Promise.resolve()
  expect(page.details("change")).toMatchObject([{ current: 0 }])
})

test("a vertical swiper is turned up and down", async () => {
  const page = await openPage(swiper("vertical"), { data: { current: 0 } })
  page.drag("#a", [0, 200], [0, 100])
  await Promise.resolve()
  expect(page.details("change")).toMatchObject([{ current: 1 }])
})

test("a swiper that plays turns after each interval", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "setInterval", "clearTimeout", "clearInterval"] })
  const page = await openPage(swiper(`autoplay interval="1000"`), { data: { current: 0 } })
  await vi.advanceTimersByTimeAsync(3000)
  expect(page.details("change")).toMatchObject([
    { current: 1, source: "autoplay" },
    { current: 2, source: "autoplay" },
    { current: 0, source: "autoplay" },
  ])
})

test("a swiper takes items that come later", async () => {
  const page = await openPage(
    `<swiper indicator-dots><swiper-item wx:for="{{list}}" wx:key="*this">{{item}}</swiper-item></swiper>`,
    { data: { list: [] } },
  )
  page.setData({ list: ["x", "y"] })
  await Promise.resolve()
  expect(seen(page)).toEqual(["x"])
  expect(page.find(".stage-swiper-dots").childElementCount).toBe(2)
})

test("a swiper may show several items at once", async () => {
  const page = await openPage(swiper(`display-multiple-items="2"`), { data: { current: 0 } })
  expect(seen(page)).toEqual(["a", "b"])
})
