import { once } from "node:events"
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { createWx, startSimulator, type Wx } from "@denglu/simulator"
import { createLogin, type Login } from "denglu"
import { afterAll, beforeAll, expect, test } from "vitest"

/** As people type it off a tutorial; run as it stands. */
const tutorial = `
Page({ data: {}, onLoad() { wx.login({ success: res => { wx.request({ url: 'http://127.0.0.1:3000/login', method: 'POST', data: { code: res.code }, success: r => { wx.setStorageSync('token', r.data.access_token); this.setData({ user: r.data.user }) } }) } }) } })
`

/** The older way of typing it: app.js style, a form instead of JSON. */
const olderTutorial = `
var app = getApp()
Page({
  data: {
    user: null
  },
  onLoad: function () {
    var that = this
    wx.login({
      success: function (res) {
        if (res.code) {
          //发起网络请求
          wx.request({
            url: 'http://127.0.0.1:3000/login',
            method: 'POST',
            header: {'content-type':'application/x-www-form-urlencoded'},
            data: {
              code: res.code
            },
            success: function (r) {
              wx.setStorageSync('token', r.data.access_token)
              that.setData({
                user: r.data.user
              })
            }
          })
        } else {
          console.log('登录失败！' + res.errMsg)
        }
      }
    })
  }
})
`

interface User {
  readonly id: string
  readonly is_new: boolean
}

let simulator: Awaited<ReturnType<typeof startSimulator>>
let login: Login
let server: Server
let url: string

beforeAll(async () => {
  simulator = await startSimulator({ port: 0 })
  login = await createLogin({
    apps: simulator.simulator.state().apps.map(({ appid, secret }) => ({ appid, secret })),
    store: "sqlite::memory:",
    secret: "5f3a9c1e7b2d4086-a1b2c3d4e5f60718-tutorial",
    limits: false,
    wechat: { simulator: simulator.url },
  })
  server = createServer(login.node)
  await listen(server)
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await login.close()
  await simulator.close()
})

/** On the port the page names, or if something else has it, on any. */
async function listen(server: Server): Promise<void> {
  try {
    await once(server.listen(3000, "127.0.0.1"), "listening")
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error
    await once(server.listen(0, "127.0.0.1"), "listening")
  }
}

/** The network of these tests: port 3000, which the page names, is wherever the server listens. */
const network: typeof fetch = (input, init) => {
  const named = String(input)
  expect(named).toMatch(/^http:\/\/127\.0\.0\.1:3000\//)
  return fetch(named.replace("http://127.0.0.1:3000", url), init)
}

const wxOf = (user: string) => createWx({ simulator: simulator.simulator, user, fetch: network })

/** Runs a page as a mini program does: `Page` registers it, `onLoad` starts it. Answers what it first sets. */
function openPage(source: string, wx: Wx): Promise<{ readonly user: User }> {
  return new Promise(resolve => {
    const Page = (page: { onLoad(): void }) => {
      Object.assign(page, { setData: resolve }).onLoad()
    }
    new Function("wx", "Page", "App", "getApp", "console", source)(
      wx,
      Page,
      () => {},
      () => ({}),
      console,
    )
  })
}

async function whoHas(wx: Wx): Promise<{ readonly status: number; readonly user: User }> {
  const response = await fetch(`${url}/me`, {
    headers: { authorization: `Bearer ${wx.getStorageSync<string>("token")}` },
  })
  return { status: response.status, user: (await response.json()) as User }
}

test.each([
  ["the tutorial's page", tutorial, "alice"],
  ["the older tutorial's page", olderTutorial, "bob"],
])("%s logs in without a change, and its token is good for its user", async (_name, source, name) => {
  const wx = wxOf(name)
  const { user } = await openPage(source, wx)
  expect(user).toMatchObject({ id: expect.stringMatching(/^[0-9a-v]{26}$/), is_new: true })
  const me = await whoHas(wx)
  expect([me.status, me.user.id]).toEqual([200, user.id])
})

test("whoever opens the page again is the same user, another person is another", async () => {
  const first = await openPage(tutorial, wxOf("carol"))
  const second = await openPage(olderTutorial, wxOf("carol"))
  const other = await openPage(tutorial, wxOf("dave"))
  expect(second.user).toMatchObject({ id: first.user.id, is_new: false })
  expect(other.user.id).not.toBe(first.user.id)
})
