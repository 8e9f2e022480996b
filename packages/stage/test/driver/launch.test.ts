import { createSimulator } from "@denglu/simulator"
import { expect, test } from "vitest"
import { compileProject, launch } from "../../src/index.ts"
import { writeProject } from "../compile/write-project.ts"
import { launchFiles, reportingApp, reportingPage } from "../support/launch-files.ts"

const wxml = `
<view id="state">{{state}}</view>
<view wx:if="{{open}}"><text>inside</text></view>
<view hidden>not to be seen</view>
<input id="name" bindinput="typed" bindblur="left" value="{{name}}" placeholder="your name" />
<button id="login" bindtap="login">log in</button>
<button disabled bindtap="login">not now</button>
<view bindtap="ask"><text>delete</text></view>
`
const page = `
  data: { state: "out", open: false, name: "old" },
  typed({ detail }) { this.setData({ name: detail.value }) },
  left({ detail }) { tell("left", detail.value) },
  login() { wx.login({ success: ({ code }) => this.setData({ state: "in", open: true, length: code.length }) }) },
  ask() { wx.showModal({ title: "Sure?", success: ({ confirm }) => this.setData({ state: confirm ? "gone" : "kept" }) }) },
`
const files = {
  ...reportingApp(["a"]),
  ...reportingPage("pages/a/a", page),
  "pages/a/a.wxml": wxml,
}

test("somebody taps, types, reads and waits, and sees what wx was asked", async () => {
  const phone = await launchFiles(files)
  expect(phone.text("#state")).toBe("out")
  phone.input("#name", "Alice")
  expect(phone.page()).toMatchObject({ route: "pages/a/a", data: { name: "Alice" } })
  phone.tap("log in")
  await phone.until(() => phone.text("#state") === "in")
  expect(phone.text()).toContain("inside")
  expect(phone.text()).not.toContain("not to be seen")
  expect(phone.calls("login")).toHaveLength(1)
  expect(phone.calls().map(({ name }) => name)).toContain("reportEvent")
  expect(phone.calls("reportEvent").map(({ arguments: [what] }) => what)).toContain('a.left "Alice"')
  expect(phone.errors()).toEqual([])
})

test("a dialog is answered by tapping it, or by the host in the person's place", async () => {
  const phone = await launchFiles(files)
  phone.tap("delete")
  expect(phone.text()).toContain("Sure?")
  phone.tap("取消")
  await phone.until(() => phone.text("#state") === "kept")

  const other = await launchFiles(files, { host: { modal: () => ({ confirm: true }) } })
  other.tap("delete")
  await other.until(() => other.text("#state") === "gone")
})

test("a mini program learns how it was opened, in app.js and when it asks", async () => {
  const opened = { url: "pages/a/a?scene=s1", scene: 1047 }
  const phone = await launchFiles(
    {
      ...reportingApp(["a"]),
      "app.js": "App({ onLaunch({ scene, query }) { this.told = [scene, query.scene] } })",
      ...reportingPage(
        "pages/a/a",
        `
  data: { state: "" },
  onLoad({ scene }) {
    const { scene: how, query } = wx.getEnterOptionsSync()
    this.setData({ state: [...getApp().told, how, query.scene, scene].join(" ") })
  },
`,
      ),
      "pages/a/a.wxml": '<view id="state">{{state}}</view>',
    },
    opened,
  )
  expect(phone.text("#state")).toBe("1047 s1 1047 s1 s1")
})

test("a disabled button can be tapped, and nothing happens", async () => {
  const phone = await launchFiles(files)
  phone.tap("not now")
  expect(phone.calls("login")).toEqual([])
})

test("who looks for what is not there is told what is", async () => {
  const phone = await launchFiles(files)
  expect(() => phone.tap("buy")).toThrow(/^"buy" is not on the phone; there is: .*log in/)
  expect(() => phone.text("#none")).toThrow('"#none" is not on the phone')
  expect(() => phone.input("#state", "x")).toThrow("#state is no field to type into")
})

test("who waits in vain is told what is to be seen, and what was thrown", async () => {
  const phone = await launchFiles({
    ...reportingApp(["a"]),
    ...reportingPage("pages/a/a", `${page} onShow() { throw new Error("in onShow") },`),
    "pages/a/a.wxml": wxml,
  })
  const waiting = phone.until(() => phone.text("#welcome") !== "", 20)
  await expect(waiting).rejects.toThrow(
    /within 20 ms: .*: "#welcome" is not on the phone;.*\non the phone: .*log in.*\nthrown: Error: in onShow/s,
  )
})

test("a program may be compiled once and launched often; each launch is on its own", async () => {
  const program = await compileProject(writeProject(files))
  const simulator = createSimulator()
  const phones = await Promise.all(["alice", "bob"].map(user => launch(program, { simulator, user })))
  phones[0]?.tap("log in")
  await phones[0]?.until(() => phones[0]?.text("#state") === "in")
  expect(phones.map(phone => phone.text("#state"))).toEqual(["in", "out"])
  for (const phone of phones) phone.close()
})

test("what was stored is there at the next launch, if the storage lasts", async () => {
  let kept: string | null = null
  const storage = {
    load: () => kept,
    save(text: string) {
      kept = text
    },
  }
  const first = await launchFiles(files, { storage })
  const store = first.wx.setStorageSync as (key: string, value: unknown) => void
  store("user", { name: "Alice" })
  first.close()
  const second = await launchFiles(files, { storage })
  expect((second.wx.getStorageSync as (key: string) => unknown)("user")).toEqual({ name: "Alice" })
})

test("a mini program that does not compile is refused, with the place of its mistake", async () => {
  const broken = writeProject({ ...files, "pages/a/a.wxml": "<view>\n  <text>{{ name </text>\n</view>\n" })
  await expect(launch(broken, { simulator: createSimulator(), user: "alice" })).rejects.toThrow(
    /^pages\/a\/a\.wxml:2:\d+ /,
  )
  const empty = writeProject({ "readme.md": "nothing here" })
  await expect(launch(empty, { simulator: createSimulator(), user: "alice" })).rejects.toThrow(
    /^No app\.json in /,
  )
})

test("an answer that comes after the phone was put away does no harm", async () => {
  let answer: (response: Response) => void = () => {}
  const phone = await launchFiles(
    {
      ...files,
      ...reportingPage(
        "pages/a/a",
        `data: { open: false },
        onLoad() {
          wx.request({
            url: "http://127.0.0.1:3000/",
            success: () => this.setData({ open: true }, () => tell("answered")),
          })
        },`,
      ),
    },
    {
      fetch: () =>
        new Promise(resolve => {
          answer = resolve
        }),
    },
  )
  phone.close()
  answer(new Response("{}"))
  await expect.poll(() => phone.calls("reportEvent").at(-1)?.arguments).toEqual(["a.answered"])
  expect(phone.errors()).toEqual([])
})

test("a phone that was put away does nothing more", async () => {
  const phone = await launchFiles({
    ...files,
    ...reportingPage("pages/a/a", `onLoad() { setInterval(() => tell("tick"), 1) },`),
  })
  await phone.until(() => phone.calls("reportEvent").length > 3)
  phone.close()
  const before = phone.calls("reportEvent").length
  await new Promise(resolve => setImmediate(() => setTimeout(resolve, 5)))
  expect(phone.calls("reportEvent")).toHaveLength(before)
})
