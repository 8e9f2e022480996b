import { expect, test } from "vitest"
import { onePage, writeFiles } from "../compile/write-project.ts"
import { openStage } from "../server/serve.ts"
import { expectNoSidewaysScrolling, soon, useChromium } from "./mouse.ts"

const chromium = useChromium()

/** A mistake of each kind: the file it is in, what is wrong there, and what the page says. */
const mistakes = [
  [
    "WXML",
    "pages/a/a.wxml",
    '<view>\n  <text wx:if="{{ name. }}">x</text>\n</view>\n',
    "pages/a/a.wxml:2:25",
    "name.",
  ],
  ["JavaScript", "pages/a/a.js", "Page({\n  data: { ]\n})\n", "pages/a/a.js:2:11", "data: {"],
  [
    "app.json",
    "app.json",
    '{\n  "pages": ["pages/a/a"]\n  "window": {}\n}\n',
    "app.json:3:3",
    "a comma or } is missing before it",
  ],
  [
    "a component that is not there",
    "pages/a/a.json",
    '{\n  "usingComponents": { "card": "/parts/card" }\n}\n',
    "pages/a/a.json:2:",
    "/parts/card",
  ],
  ["WXSS", "pages/a/a.wxss", ".a {\n  color: red;\n", "pages/a/a.wxss:1:", ".a {"],
] as const

test.each(mistakes)(
  "%s: the phone shows place and line, and heals when it is mended",
  async (_, file, broken, place, line) => {
    const files = { ...onePage, "pages/a/a.wxml": '<view id="good">good</view>\n', [file]: broken }
    const { url, root } = await openStage(files)
    const { page, phone } = await chromium.open(url)
    const alert = phone.locator("[role=alert]")
    await soon(() => alert.innerText()).toContain(place)
    expect(await alert.innerText()).toContain(line)
    expect(await page.locator("#problems li").count()).toBe(await alert.locator("b").count())
    expect(await page.locator("#problems").innerText()).toContain(place)

    const good: Record<string, string> = { ...onePage, "pages/a/a.wxml": '<view id="good">good</view>\n' }
    writeFiles(root, { [file]: good[file] ?? (file.endsWith(".json") ? "{}\n" : "") })
    await phone.locator("#good").waitFor()
    await soon(() => alert.count()).toBe(0)
    await soon(() => page.locator("#problems li").count()).toBe(0)
  },
)

test("what a page throws is shown with its place, and in the list", async () => {
  const { url } = await openStage({ "pages/a/a.js": "Page({\n  onLoad() {\n    missing()\n  },\n})\n" })
  const { page, phone } = await chromium.open(url)
  await soon(() => phone.locator("[role=alert]").innerText()).toContain("pages/a/a.js:3:5")
  await soon(() => page.locator("#problems").innerText()).toContain("missing is not defined")
})

test.each([
  ["zh-CN", "light", 390],
  ["en-GB", "dark", 390],
  ["zh-CN", "dark", 1440],
] as const)(
  "in %s, %s, at %i px it says that it is not WeChat, and nothing is wider than the screen",
  async (locale, colorScheme, width) => {
    const { url } = await openStage({ "pages/a/a.js": "Page({ onLoad() { wx.noSuchThing() } })\n" })
    const { page } = await chromium.open(url, { locale, colorScheme, viewport: { width, height: 844 } })
    await soon(() => page.locator("#problems").innerText()).toContain("not simulated: wx.noSuchThing")
    expect(await page.locator("#not").innerText()).toMatch(/不是微信|not WeChat/)
    await expectNoSidewaysScrolling(page)
  },
)
