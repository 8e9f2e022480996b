// wafer2-node-sdk's login in Express, as its README shows it. The SDK is not on npm and its code is not here: BENCH_WAFER2 is a checkout of
// github.com/tencentyun/wafer2-node-sdk in which `npm install --omit=dev` was run. A first login needs the encrypted user info, a later one the
// code alone; wafer2.lua sends both.
import { createCipheriv, createHash, randomBytes } from "node:crypto"
import { writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { join } from "node:path"
import express from "express"
import mysql from "mysql2/promise"
import { known, openidSql } from "./people.js"
import { serve } from "./serve.js"
import { sessionUrl } from "./upstream.js"

const store = new URL(process.env.BENCH_STORE)

/** New people whose encrypted user info is made beforehand. */
const newcomers = 40_000

const userInfo = openId =>
  JSON.stringify({
    openId,
    nickName: "微信用户",
    gender: 0,
    language: "zh_CN",
    city: "",
    province: "",
    country: "",
    avatarUrl: `https://thirdwx.qlogo.cn/mmopen/vi_32/${"0".repeat(80)}/132`,
    watermark: { timestamp: 1_790_000_000, appid: "wxsim0000000000001" },
  })

/** A line `code encrypted-data iv` for each newcomer; the bench's WeChat answers the MD5 of a code as its session_key. */
function encrypt(person) {
  const number = String(known + person).padStart(10, "0")
  const code = number + String(person).padStart(22, "0")
  const iv = randomBytes(16)
  const cipher = createCipheriv("aes-128-cbc", createHash("md5").update(code).digest(), iv)
  const data = Buffer.concat([cipher.update(userInfo(`oBenchAAAAAAAAAAAA${number}`)), cipher.final()])
  return `${code} ${data.toString("base64")} ${iv.toString("base64")}`
}

if (process.argv.at(-1) === "prepare") {
  writeFileSync(
    process.env.BENCH_NEWCOMERS,
    Array.from({ length: newcomers }, (_, at) => `${encrypt(at)}\n`).join(""),
  )
  const pool = mysql.createPool({ uri: store.href, multipleStatements: true })
  const [before, after] = userInfo("|").split("|")
  await pool.query(
    `CREATE TABLE cSessionInfo (open_id VARCHAR(100) NOT NULL PRIMARY KEY, uuid VARCHAR(100) NOT NULL,
      skey VARCHAR(100) NOT NULL, create_time TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
      last_visit_time TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, session_key VARCHAR(100) NOT NULL,
      user_info VARCHAR(2048) NOT NULL, KEY auth_idx_subset (open_id, skey)) CHARACTER SET utf8mb4;
    INSERT INTO cSessionInfo (open_id, uuid, skey, session_key, user_info)
      SELECT ${openidSql("seq")}, uuid(), sha1(seq), to_base64(unhex(md5(seq))), concat(?, ${openidSql("seq")}, ?)
      FROM seq_0_to_${known - 1}`,
    [before, after],
  )
  process.exit(0)
}

const folder = process.env.BENCH_WAFER2
const sdk = createRequire(join(folder, "index.js"))
// It asks api.weixin.qq.com, always; here the bench's WeChat is asked instead.
sdk("axios").interceptors.request.use(config => ({ ...config, url: sessionUrl }))
const unused = { region: "", fileBucket: "", uploadFolder: "" }
const { auth } = sdk("./index.js")({
  rootPathname: folder,
  appId: "wxsim0000000000001",
  appSecret: "0".repeat(32),
  useQcloudLogin: false,
  cos: unused,
  serverHost: "",
  tunnelServerUrl: "",
  tunnelSignatureKey: "",
  qcloudAppId: "",
  qcloudSecretId: "",
  qcloudSecretKey: "",
  wxMessageToken: "",
  mysql: {
    host: store.hostname,
    port: store.port,
    user: store.username,
    pass: "",
    db: store.pathname.slice(1),
    char: "utf8mb4",
  },
})

const app = express()
app.post("/login", async (req, res) => {
  const { userinfo } = await auth.authorization(req)
  res.json({ code: 0, data: userinfo })
})
serve(app)
