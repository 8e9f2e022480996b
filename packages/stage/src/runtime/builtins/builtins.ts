import type { DefineBuiltin } from "./builtin.ts"
import { button, buttonStyle } from "./button.ts"
import { checkbox, checkboxGroup, checkboxStyle } from "./checkbox.ts"
import { containers, containersStyle, pageContainer } from "./containers.ts"
import { coverImage, coverStyle, coverView } from "./cover.ts"
import { form, formStyle } from "./form.ts"
import { icon, iconStyle } from "./icon.ts"
import { image, imageStyle } from "./image.ts"
import { input, inputStyle } from "./input.ts"
import { label, labelStyle } from "./label.ts"
import { matchMedia, matchMediaStyle } from "./match-media.ts"
import { movableArea, movableStyle, movableView } from "./movable.ts"
import { navigator, navigatorStyle } from "./navigator.ts"
import { navigationBar, pageMeta, pageMetaStyle } from "./page-meta.ts"
import { picker, pickerStyle } from "./picker.ts"
import { pickerSheetStyle } from "./picker-sheet.ts"
import { pickerView, pickerViewColumn, pickerViewStyle } from "./picker-view.ts"
import { progress, progressStyle } from "./progress.ts"
import { radio, radioGroup, radioStyle } from "./radio.ts"
import { richText, richTextStyle } from "./rich-text.ts"
import { scrollView, scrollViewStyle } from "./scroll-view.ts"
import { slider, sliderStyle } from "./slider.ts"
import { swiper, swiperItem, swiperStyle } from "./swiper.ts"
import { switchControl, switchStyle } from "./switch.ts"
import { text, textStyle } from "./text.ts"
import { textarea, textareaStyle } from "./textarea.ts"
import { unsimulated, unsimulatedStyle } from "./unsimulated.ts"
import { view, viewStyle } from "./view.ts"
import { wheelStyle } from "./wheel.ts"

/** The components that WeChat brings, by their tags. */
export const builtins: Readonly<Record<string, DefineBuiltin>> = {
  button,
  checkbox,
  "checkbox-group": checkboxGroup,
  "cover-image": coverImage,
  "cover-view": coverView,
  form,
  icon,
  image,
  input,
  label,
  "match-media": matchMedia,
  "movable-area": movableArea,
  "movable-view": movableView,
  "navigation-bar": navigationBar,
  navigator,
  "page-container": pageContainer,
  "page-meta": pageMeta,
  picker,
  "picker-view": pickerView,
  "picker-view-column": pickerViewColumn,
  progress,
  radio,
  "radio-group": radioGroup,
  "rich-text": richText,
  "scroll-view": scrollView,
  slider,
  swiper,
  "swiper-item": swiperItem,
  switch: switchControl,
  text,
  textarea,
  view,
  ...containers,
  ...unsimulated,
}

/** Their style sheets, as one. */
export const builtinStyle = [
  // Whatever a component's own rules say of how it is laid out.
  ".wx-page [hidden] { display: none !important; }",
  buttonStyle,
  checkboxStyle,
  containersStyle,
  coverStyle,
  formStyle,
  iconStyle,
  imageStyle,
  inputStyle,
  labelStyle,
  matchMediaStyle,
  movableStyle,
  navigatorStyle,
  pageMetaStyle,
  pickerStyle,
  pickerSheetStyle,
  pickerViewStyle,
  progressStyle,
  radioStyle,
  richTextStyle,
  scrollViewStyle,
  sliderStyle,
  swiperStyle,
  switchStyle,
  textStyle,
  textareaStyle,
  unsimulatedStyle,
  viewStyle,
  wheelStyle,
].join("\n")
