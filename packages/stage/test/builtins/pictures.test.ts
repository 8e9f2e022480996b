import { expect, test } from "vitest"
import { openPage } from "./support/open-page.ts"

test("a picture is looked for from the page that names it", async () => {
  const page = await openPage(`<image src="../../images/a.png" /><cover-image src="/b.png" />`)
  expect(page.find("wx-image > img").getAttribute("src")).toBe("file/images/a.png")
  expect(page.find("wx-cover-image > img").getAttribute("src")).toBe("file/b.png")
})

test("a picture is looked for from the component that names it", async () => {
  const page = await openPage("<card />", { components: { card: `<image src="a.png" />` } })
  expect(page.find("wx-image > img").getAttribute("src")).toBe("file/components/card/a.png")
})

test("a picture follows its src", async () => {
  const page = await openPage(`<image src="{{src}}" />`, { data: { src: "" } })
  expect(page.find("img").hasAttribute("src")).toBe(false)
  page.setData({ src: "https://example.com/a.png" })
  expect(page.find("img").getAttribute("src")).toBe("https://example.com/a.png")
})

test("a picture tells its size when it has come", async () => {
  const page = await openPage(`<image src="/a.png" bindload="hear" />`)
  const picture = page.find("img")
  Object.defineProperties(picture, { naturalWidth: { value: 40 }, naturalHeight: { value: 30 } })
  picture.dispatchEvent(new page.window.Event("load"))
  expect(page.details("load")).toEqual([{ width: 40, height: 30 }])
})

test("a picture tells when it does not come", async () => {
  const page = await openPage(`<image src="/a.png" binderror="hear" />`)
  page.find("img").dispatchEvent(new page.window.Event("error"))
  expect(page.details("error")).toEqual([{ errMsg: "GET /a.png failed" }])
})

test.each([
  ["scaleToFill", "fill"],
  ["aspectFit", "contain"],
  ["aspectFill", "cover"],
  ["top left", "none"],
])("an image of mode %s is fitted as CSS calls %s", async (mode, fit) => {
  const page = await openPage(`<image src="/a.png" mode="${mode}" />`)
  expect(page.window.getComputedStyle(page.find("img")).objectFit).toBe(fit)
})

test("a lazy image is lazy", async () => {
  const page = await openPage(`<image src="/a.png" lazy-load />`)
  expect(page.find<HTMLImageElement>("img").loading).toBe("lazy")
})
