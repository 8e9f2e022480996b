import { expect, test } from "vitest"
import { launchFiles, reportingApp, reportingPage, reports } from "../support/launch-files.ts"

/** What a page that runs this in onLoad reported of it. */
async function told(code: string): Promise<string | undefined> {
  const phone = await launchFiles({
    ...reportingApp(["a"]),
    ...reportingPage(
      "pages/a/a",
      `onLoad() { try { tell("answer", ${code}) } catch ({ message }) { tell("threw", message) } },`,
    ),
  })
  expect(phone.errors()).toEqual([])
  return reports(phone)()[0]
}

test.each([
  ["wx.chooseLocation({ success() {}, fail() {} })", "wx.chooseLocation"],
  ["wx.cloud.callFunction({ name: 'login' })", "wx.cloud.callFunction"],
  ["wx.foo.bar.baz()", "wx.foo.bar.baz"],
  ["new wx.thing()", "wx.thing"],
  ["wx.getFileSystemManager().readdirSync('x')", "FileSystemManager.readdirSync"],
])("%s throws its name, whatever callbacks it was given", async (code, name) => {
  expect(await told(code)).toBe(`a.threw "not simulated: ${name}"`)
})

test.each([
  ["typeof wx.chooseLocation", "function"],
  ["typeof wx.cloud.database", "function"],
  ["wx.canIUse('chooseLocation')", false],
  ["wx.canIUse('login')", true],
  ["wx.canIUse('request.object.timeout')", true],
  ["wx.canIUse('navigateTo.object.events')", true],
  ["wx.canIUse('button.open-type.getPhoneNumber')", true],
  ["wx.canIUse('button.open-type.contact')", false],
  ["wx.canIUse('onAppShow')", true],
])("%s is %j: looking does no harm", async (code, answer) => {
  expect(await told(code)).toBe(`a.answer ${JSON.stringify(answer)}`)
})

test("a wx can be spread and listed, and an API may be put in another's place", async () => {
  expect(
    await told("Object.keys({ ...wx }).filter(name => /^(login|navigateTo|onAppShow)$/.test(name))"),
  ).toBe('a.answer ["login","navigateTo","onAppShow"]')
  expect(await told("(wx.login = () => 'mine', wx.login())")).toBe('a.answer "mine"')
})

test.each([
  ['requirePlugin("chart")', 'requirePlugin("chart")'],
  ["requireMiniProgram()", "requireMiniProgram"],
])("%s throws its name", async (code, name) => {
  expect(await told(code)).toBe(`a.threw ${JSON.stringify(`not simulated: ${name}`)}`)
})

test("a button's open-type that is not simulated is a warning, a component says so on the page", async () => {
  const phone = await launchFiles({
    ...reportingApp(["a"]),
    "pages/a/a.wxml": '<button id="b" open-type="contact">ask us</button><map></map>\n',
  })
  phone.tap("#b")
  await phone.until(() => phone.warnings.length > 0)
  expect(phone.warnings).toEqual(['not simulated: <button open-type="contact">'])
  expect(phone.text()).toContain("not simulated: map")
})

test("WeChat's components take any attribute, a mini program's own only those it has", async () => {
  const phone = await launchFiles({
    ...reportingApp(["a"]),
    "pages/a/a.json": '{ "usingComponents": { "part": "/parts/part" } }',
    "pages/a/a.wxml": '<view any-thing="1"><canvas canvas-id="c" /></view><part any-thing="1" />\n',
    "parts/part.json": '{ "component": true }',
    "parts/part.wxml": "<view />\n",
    "parts/part.js": "Component({})\n",
  })
  expect(phone.warnings).toEqual(['"anyThing" is not a valid property'])
})
