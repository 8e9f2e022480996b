import { later, type ProblemEntry } from "./problem-entry.ts"

/** What can be wrong about pictures. */
export const avatarProblems = {
  picture_invalid: {
    status: 400,
    title: { en: "This picture can't be an avatar", zh: "该图片不能用作头像" },
    remedy: {
      en: "Send a still JPEG, PNG or WebP with sides of 16 to 4,096 pixels: with wx.uploadFile under the name `file`, or as the body itself. `errors` says what is wrong with this one; trying it again does not help.",
      zh: "请发送静态的 JPEG、PNG 或 WebP 图片，边长 16 到 4096 像素：用 wx.uploadFile 且 name 为 file，或直接作为请求体。errors 说明了这张图片的问题，重试无效。",
    },
  },
  storage_unavailable: {
    status: 503,
    title: { en: "Pictures can't be kept just now", zh: "图片存储暂不可用" },
    remedy: {
      en: "Try again after `Retry-After`; nothing has changed. The operator checks where `avatars.storage` points: may it be written, is the disk full, is the bucket reachable? The log says more.",
      zh: "请在 Retry-After 之后重试，数据没有变化。请运维检查 avatars.storage 指向的位置是否可写、磁盘是否已满、存储桶是否可达，详情见日志。",
    },
    ...later,
  },
} as const satisfies Readonly<Record<string, ProblemEntry>>
