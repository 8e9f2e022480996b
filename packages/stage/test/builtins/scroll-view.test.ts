import { expect, test } from "vitest"
import { openPage } from "./support/open-page.ts"

const wxml = `<scroll-view id="s" scroll-y scroll-top="{{top}}" bindscroll="hear" bindscrolltoupper="hear" bindscrolltolower="hear">
  <view id="child">x</view></scroll-view>`

async function openScroller(data: Record<string, unknown> = {}) {
  const page = await openPage(wxml, { data })
  const scroller = page.find("#s")
  Object.defineProperties(scroller, { scrollHeight: { value: 1000 }, clientHeight: { value: 200 } })
  const scrollTo = (top: number) => {
    scroller.scrollTop = top
    scroller.dispatchEvent(new page.window.Event("scroll"))
  }
  return { page, scroller, scrollTo }
}

test("scroll-view tells where it is and how far it went, once", async () => {
  const { page, scrollTo } = await openScroller()
  scrollTo(100)
  scrollTo(130)
  expect(page.details("scroll")).toMatchObject([
    { scrollTop: 100, scrollLeft: 0, scrollHeight: 1000, deltaY: -100 },
    { scrollTop: 130, deltaY: -30 },
  ])
  expect(page.errors).toEqual([])
})

test("scroll-view tells once that its end is near", async () => {
  const { page, scrollTo } = await openScroller()
  for (const top of [700, 760, 790]) scrollTo(top)
  expect(page.details("scrolltolower")).toEqual([{ direction: "bottom" }])
})

test("scroll-view tells that its beginning is near when it comes back", async () => {
  const { page, scrollTo } = await openScroller()
  for (const top of [100, 40, 0]) scrollTo(top)
  expect(page.details("scrolltoupper")).toEqual([{ direction: "top" }])
})

test("scroll-view goes where scroll-top says", async () => {
  const { page, scroller } = await openScroller({ top: 30 })
  await Promise.resolve()
  expect(scroller.scrollTop).toBe(30)
  page.setData({ top: 80 })
  await Promise.resolve()
  expect(scroller.scrollTop).toBe(80)
})

test("scroll-view brings a child of that id into view", async () => {
  const page = await openPage(
    `<scroll-view id="s" scroll-y scroll-into-view="{{to}}"><view id="a" /><view id="b" /></scroll-view>`,
    { data: { to: "" } },
  )
  page.find("#b").getBoundingClientRect = () => ({ top: 120, left: 0 }) as DOMRect
  page.setData({ to: "b" })
  await Promise.resolve()
  expect(page.find("#s").scrollTop).toBe(120)
})

test("what pulls a scroll-view down is accepted", async () => {
  const page = await openPage(
    `<scroll-view scroll-y refresher-enabled refresher-triggered="{{false}}" refresher-threshold="60" bindrefresherrefresh="hear" />`,
  )
  expect(page.warnings).toEqual([])
})
