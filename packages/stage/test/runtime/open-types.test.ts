import { createSimulator } from "@denglu/simulator"
import { expect, test } from "vitest"
import { launchFiles, reportingApp, reportingPage, reports } from "../support/launch-files.ts"

const page = (wxml: string, handler: string) => ({
  ...reportingApp(["a"]),
  ...reportingPage("pages/a/a", handler),
  "pages/a/a.wxml": `${wxml}\n`,
})

const phoneNumber = page(
  '<button id="b" open-type="getPhoneNumber" bindgetphonenumber="got">phone</button>',
  'got({ detail: { code, errMsg } }) { tell("got", [errMsg, typeof code]) },',
)

test("getPhoneNumber asks the person, and tells a code or a refusal", async () => {
  const phone = await launchFiles(phoneNumber)
  const told = reports(phone)
  phone.tap("#b")
  await phone.until(() => phone.text("允许"))
  phone.tap("允许")
  await phone.until(() => phone.calls("reportEvent").length === 4)
  expect(told().at(-1)).toBe('a.got ["getPhoneNumber:ok","string"]')
  phone.tap("#b")
  await phone.until(() => phone.text("取消"))
  phone.tap("取消")
  await phone.until(() => phone.calls("reportEvent").length === 5)
  expect(told()).toEqual(['a.got ["getPhoneNumber:fail user deny","undefined"]'])
})

test("getPhoneNumber without quota tells errno 1400001, and the person what WeChat says", async () => {
  const simulator = createSimulator()
  simulator.setPhoneQuota({ left: 0 })
  const handler = 'got({ detail: { code, errno } }) { tell("got", [errno, typeof code]) },'
  const button = (more: string) =>
    page(`<button id="b" open-type="getPhoneNumber" ${more} bindgetphonenumber="got">phone</button>`, handler)
  const loud = await launchFiles(button(""), { simulator })
  loud.tap("#b")
  await loud.until(() => loud.calls("reportEvent").length === 4)
  expect(reports(loud)().at(-1)).toBe('a.got [1400001,"undefined"]')
  expect(loud.text()).toContain("该功能使用次数已达当前小程序上限")
  const quiet = await launchFiles(button('phone-number-no-quota-toast="{{false}}"'), { simulator })
  quiet.tap("#b")
  await quiet.until(() => quiet.calls("reportEvent").length === 4)
  expect(quiet.text()).not.toContain("上限")
})

test("chooseAvatar shows what there is, and tells a file that an image can show", async () => {
  const phone = await launchFiles(
    page(
      '<button id="b" open-type="chooseAvatar" bindchooseavatar="got">avatar</button><image src="{{src}}" />',
      "got({ detail: { avatarUrl } }) { this.setData({ src: avatarUrl }) },",
    ),
  )
  phone.tap("#b")
  await phone.until(() => phone.text("🌊 海蓝"))
  phone.tap("🌊 海蓝")
  const picture = () => phone.window.document.querySelector("wx-image img")?.getAttribute("src") ?? ""
  await phone.until(() => picture() !== "")
  expect(picture()).toMatch(/^blob:/)
  expect(phone.files.read(String(phone.page().data.src))?.byteLength).toBeGreaterThan(100)
})

test("getUserInfo of older pages tells the anonymous profile, encrypted too", async () => {
  const phone = await launchFiles(
    page(
      '<button id="b" open-type="getUserInfo" bindgetuserinfo="got">profile</button>',
      'got({ detail }) { tell("got", [detail.errMsg, detail.userInfo.nickName, Object.keys(detail).sort()]) },',
    ),
  )
  phone.tap("#b")
  await phone.until(() => phone.calls("reportEvent").length === 4)
  const keys = ["encryptedData", "errMsg", "iv", "rawData", "signature", "userInfo"]
  expect(reports(phone)().at(-1)).toBe(`a.got ${JSON.stringify(["getUserInfo:ok", "微信用户", keys])}`)
})

test("where the person has not agreed to the privacy terms yet, a button asks first", async () => {
  const phone = await launchFiles(phoneNumber, { privacy: "needed" })
  phone.tap("#b")
  await phone.until(() => phone.text().includes("同意"))
  phone.tap("取消")
  await phone.until(() => phone.calls("reportEvent").length === 4)
  expect(reports(phone)().at(-1)).toMatch(
    /^a\.got \["getPhoneNumber:fail privacy permission is not authorized/,
  )
})
