import { expect, test } from "vitest"
import { openPage } from "./support/open-page.ts"

const rich = async (nodes: unknown) => {
  const page = await openPage(`<rich-text nodes="{{nodes}}" />`, { data: { nodes } })
  return page.find("wx-rich-text").innerHTML
}

test("rich-text draws HTML", async () => {
  expect(await rich(`<p class="x" style="color: red">a<b>b</b></p>`)).toBe(
    `<p class="x" style="color: red">a<b>b</b></p>`,
  )
})

test("rich-text draws nodes", async () => {
  const nodes = [
    {
      name: "div",
      attrs: { class: "x" },
      children: [{ type: "text", text: "a&nbsp;&lt;b" }, { name: "br" }],
    },
  ]
  expect(await rich(nodes)).toBe(`<div class="x">a&nbsp;&lt;b<br></div>`)
})

test.each([
  ["a script", `<script>boom()</script>`],
  ["an element that is not on the list, with what is in it", `<video><p>x</p></video>`],
  ["a frame", `<iframe src="https://example.com"></iframe>`],
  ["a picture in SVG's own tags", `<svg onload="boom()"><a>x</a></svg>`],
  ["a comment", "<!-- x -->"],
  ["a style sheet", "<style>* { display: none }</style>"],
])("rich-text leaves out %s", async (_, html) => {
  expect(await rich(`${html}<i>rest</i>`)).toBe("<i>rest</i>")
})

test.each([
  ["what listens", `<img src="/a.png" onerror="boom()">`, `<img src="file/a.png">`],
  ["where a link leads", `<a href="javascript:boom()">x</a>`, "<a>x</a>"],
  ["a script for a picture", `<img src=" javascript:boom()" alt="x">`, `<img alt="x">`],
  ["HTML for a picture", `<img src="data:text/html,boom">`, "<img>"],
])("rich-text leaves out %s", async (_, html, left) => {
  expect(await rich(html)).toBe(left)
})

test("rich-text leaves out of nodes what it leaves out of HTML", async () => {
  const nodes = [
    { name: "script", children: [{ type: "text", text: "boom()" }] },
    { name: "img", attrs: { src: "javascript:boom()", onerror: "boom()" } },
  ]
  expect(await rich(nodes)).toBe("<img>")
})

test("rich-text looks for pictures from the page that names them", async () => {
  expect(await rich(`<img src="a.png">`)).toBe(`<img src="file/pages/first/a.png">`)
})

test.each([null, undefined, 7, [null, "x", {}]])("rich-text makes nothing of %j", async nodes => {
  expect(await rich(nodes)).toBe("")
})
