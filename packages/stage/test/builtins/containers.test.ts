import { expect, test } from "vitest"
import { builtinTags } from "../../src/builtin-tags.ts"
import { builtins } from "../../src/runtime/builtins/builtins.ts"
import { openPage } from "./support/open-page.ts"

test("match-media shows what is in it on screens of that size only", async () => {
  const asked: string[] = []
  const page = await openPage(
    `<match-media id="a" min-width="300" max-width="600">a</match-media><match-media id="b" orientation="landscape">b</match-media>`,
    {
      matches(query) {
        asked.push(query)
        return query.includes("300px")
      },
    },
  )
  expect(asked).toContain("(min-width: 300px) and (max-width: 600px)")
  expect(page.find("#a").hasAttribute("hidden")).toBe(false)
  expect(page.find("#b").hasAttribute("hidden")).toBe(true)
})

const movable = `<movable-area id="area"><movable-view id="m" direction="{{way}}" x="{{x}}" bindchange="hear">x</movable-view></movable-area>`
async function openMovable(data: Record<string, unknown>) {
  const page = await openPage(movable, { data })
  Object.defineProperties(page.find("#area"), { clientWidth: { value: 100 }, clientHeight: { value: 100 } })
  return page
}

test("a movable-view tells where it was dragged to", async () => {
  const page = await openMovable({ way: "all", x: 0 })
  page.drag("#m", [0, 0], [30, 40])
  await Promise.resolve()
  expect(page.details("change")).toEqual([{ x: 30, y: 40, source: "touch" }])
})

test("a movable-view moves in its direction only, and stays in its area", async () => {
  const page = await openMovable({ way: "horizontal", x: 0 })
  page.drag("#m", [0, 0], [300, 40])
  await Promise.resolve()
  expect(page.details("change")).toEqual([{ x: 100, y: 0, source: "touch" }])
})

test("a movable-view goes where the page says", async () => {
  const page = await openMovable({ way: "all", x: 0 })
  page.setData({ x: 20 })
  await Promise.resolve()
  expect(page.details("change")).toEqual([{ x: 20, y: 0, source: "" }])
  expect(page.find("#m").style.transform).toBe("translate(20px, 0px)")
})

test("arrow keys move a movable-view", async () => {
  const page = await openMovable({ way: "all", x: 0 })
  page.press("#m", "ArrowDown")
  await Promise.resolve()
  expect(page.details("change")).toEqual([{ x: 0, y: 10, source: "touch" }])
})

test("a movable-view without a direction does not move", async () => {
  const page = await openMovable({ way: "none", x: 0 })
  page.drag("#m", [0, 0], [30, 40])
  page.press("#m", "ArrowDown")
  await Promise.resolve()
  expect(page.heard).toEqual([])
})

test.each(["camera", "map", "canvas", "video", "web-view", "live-player", "open-data", "xr-scene"])(
  "%s says that it is not simulated",
  async name => {
    const page = await openPage(`<${name} id="x"><cover-view>over</cover-view></${name}>`)
    expect(page.find("#x").textContent).toBe(`not simulated: ${name}over`)
    expect(page.errors).toEqual([])
    expect(page.warnings).toEqual([])
  },
)

test("page-meta and navigation-bar are accepted", async () => {
  const page = await openPage(
    `<page-meta page-style="overflow: hidden" root-font-size="16px"><navigation-bar title="x" loading="{{true}}" /></page-meta><view>x</view>`,
  )
  expect([...page.errors, ...page.warnings]).toEqual([])
})

test("an icon has the size and colour that are said", async () => {
  const page = await openPage(`<icon type="warn" size="40" color="#123456" />`)
  const { width, color } = page.find("wx-icon > svg").style
  expect(width).toBe("40px")
  expect(color).toBe("rgb(18, 52, 86)")
})

test("a component of the mini program's own takes the place of one of WeChat's", async () => {
  const page = await openPage("<navigation-bar />", { components: { "navigation-bar": "<view>mine</view>" } })
  expect(page.find("wx-navigation-bar").textContent).toBe("mine")
})

test("the compiler knows the tags of all of them", () => {
  expect(Object.keys(builtins).sort()).toEqual([...builtinTags].sort())
})

test.each(Object.keys(builtins))("%s can stand alone and be hidden", async name => {
  const page = await openPage(`<${name} wx:if="{{there}}" id="x" hidden="{{hidden}}" />`, {
    data: { there: true, hidden: false },
  })
  expect(page.find("#x").hasAttribute("hidden")).toBe(false)
  page.setData({ hidden: true })
  expect(page.find("#x").hasAttribute("hidden")).toBe(true)
  expect(page.window.getComputedStyle(page.find("#x")).display).toBe("none")
  page.setData({ there: false })
  expect(page.document.querySelector("#x")).toBeNull()
  expect([...page.errors, ...page.warnings]).toEqual([])
})

test("a page-container is there while show is set, and goes when somebody taps beside it", async () => {
  const page = await openPage(
    `<page-container id="c" show="{{show}}" bind:enter="hear" bind:leave="hear" bind:clickoverlay="hear"><view id="in">in</view></page-container>`,
    { data: { show: false } },
  )
  const display = () => page.window.getComputedStyle(page.find("#c")).display
  expect(display()).toBe("none")
  page.setData({ show: true })
  await expect.poll(() => page.heard.map(({ type }) => type)).toEqual(["enter"])
  expect(display()).toBe("flex")
  page.tap("#in")
  expect(display()).toBe("flex")
  page.tap("#c")
  expect(display()).toBe("none")
  await expect.poll(() => page.heard.map(({ type }) => type)).toEqual(["enter", "clickoverlay", "leave"])
})
