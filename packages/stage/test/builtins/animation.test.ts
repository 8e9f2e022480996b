import { expect, test } from "vitest"
import { openPage } from "./support/open-page.ts"

interface Animation {
  [method: string]: (...args: unknown[]) => Animation
}
type CreateAnimation = (options: object) => Animation & { export(): object }

test("an animation is played step by step; transforms of steps before last", async () => {
  const page = await openPage(
    '<view id="v" style="color: red" animation="{{a}}" bindtransitionend="hear">v</view>',
  )
  const animation = (page.phone.wx.createAnimation as CreateAnimation)({
    duration: 1,
    timingFunction: "ease",
  })
  animation.translateX?.(10)
  animation.rotate?.(45).step?.()
  animation
    .opacity?.(0.5)
    .backgroundColor?.("blue")
    .width?.("50%")
    .scale?.(2, 3)
    .step?.({ duration: 2, delay: 1 })
  page.setData({ a: animation.export() })
  const element = page.find("#v")
  const styles: string[] = []
  new page.window.MutationObserver(() => styles.push(element.getAttribute("style") ?? "")).observe(element, {
    attributes: true,
  })
  await expect.poll(() => page.details("transitionend")).toHaveLength(2)
  const first = ["color: red", "transform: translateX(10px) rotate(45deg)", "transition: all 1ms ease 0ms"]
  const second = [
    ...["color: red", "opacity: 0.5", "background-color: blue", "width: 50%", "all 2ms ease 1ms"],
    "transform: translateX(10px) rotate(45deg) scale(2, 3)",
  ]
  for (const [at, parts] of [first, second].entries())
    for (const part of parts) expect(styles[at]).toContain(part)
  expect(animation.export()).toEqual({ actions: [] })
  expect([page.errors, page.warnings]).toEqual([[], []])
})
