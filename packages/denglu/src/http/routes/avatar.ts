import { Type } from "typebox"
import { DengluError } from "../../errors.ts"
import { UserReply } from "../../protocol/user.ts"
import { changeAvatar } from "../../user/profile.ts"
import { fileOfForm, formOverhead, isForm } from "../multipart.ts"
import { type Call, route } from "../route.ts"
import { userReply } from "./me.ts"

export const uploadAvatarRoute = route({
  method: "POST",
  path: "/me/avatar",
  summary:
    "Keep a picture and make it the user's avatar: a form as wx.uploadFile sends it, or the picture itself",
  auth: true,
  body: Type.Object({ file: Type.Unsafe<string>({ type: "string", format: "binary" }) }),
  bodyAs: "picture",
  reply: UserReply,
  async handle({ flow, avatarUploads, user: { userId }, bytes, header, requestId }) {
    const { avatars } = flow
    if (avatars === undefined) throw new DengluError("not_found")
    const upload = await avatarUploads(userId, () => pictureOf(avatars.maxBytes, { bytes, header }))
    const changed = await changeAvatar({ ...flow, avatars }, userId, upload, requestId)
    return userReply(flow, changed)
  },
})

/** What the body holds, or the file `file` of the form it is. */
async function pictureOf(
  maxBytes: number,
  { bytes, header }: Pick<Call<unknown>, "bytes" | "header">,
): Promise<Uint8Array> {
  const contentType = header("content-type")
  if (!isForm(contentType)) return bytes(maxBytes)
  const picture = await fileOfForm(await bytes(maxBytes + formOverhead), contentType, "file")
  if (picture.length > maxBytes) throw new DengluError("payload_too_large")
  return picture
}

/** Whatever is in the picture, a browser only shows it: it runs nothing, and takes it for nothing else. */
const shownOnly = {
  "x-content-type-options": "nosniff",
  "content-security-policy": "default-src 'none'; sandbox",
  "cross-origin-resource-policy": "cross-origin",
} as const

export const avatarRoute = route({
  method: "GET",
  path: "/avatars/:name",
  summary: "A picture that somebody has made their avatar",
  auth: false,
  replyAs: "picture",
  reply: Type.Unsafe<Uint8Array<ArrayBuffer>>({ type: "string", format: "binary" }),
  // A name never gets another picture.
  cacheControl: "public, max-age=31536000, immutable",
  async handle({ flow, params: { name = "" } }) {
    const picture = await flow.avatars?.read(name)
    if (picture === undefined) throw new DengluError("not_found")
    return { status: 200, body: picture.bytes, headers: { "content-type": picture.type, ...shownOnly } }
  },
})
