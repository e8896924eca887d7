"""Changes: what was done to a picture to make the copy conform, coded and in both languages."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from socialins.faults import Text

__all__ = ["TEXTS", "Change"]

TEXTS: dict[str, Text] = {
    "turned": Text("按照片自带的方向信息转正", "turned upright, as the file asked its viewers to"),
    "first-frame": Text("只保留动画的第一帧", "only the first picture of the animation was kept"),
    "flattened": Text("透明部分填为白色", "what was transparent was filled with white"),
    "colour": Text("颜色由 {before} 改为 {after}", "colours changed from {before} to {after}"),
    "cropped": Text("由 {before} 像素裁剪为 {after} 像素", "cut from {before} to {after} pixels"),
    "resized": Text(
        "由 {before} 像素缩放为 {after} 像素", "resized from {before} to {after} pixels"
    ),
    "format": Text("格式由 {before} 改为 {after}", "format changed from {before} to {after}"),
    "compressed": Text(
        "以质量 {quality} 重新压缩：{before} 字节变为 {after} 字节",
        "compressed anew with quality {quality}: {before} bytes became {after} bytes",
    ),
    "saved": Text(
        "重新保存：{before} 字节变为 {after} 字节",
        "saved anew: {before} bytes became {after} bytes",
    ),
    "dpi": Text("分辨率设为 {dpi} dpi", "resolution set to {dpi} dpi"),
    "stripped": Text(
        "删除照片附带的拍摄信息（时间、地点等）",
        "what the camera noted in the file (time, place and the like) was left out",
    ),
    "profile": Text(
        "未保留颜色配置，颜色可能略有变化，请目视核对",
        "the colour profile was left out; colours may differ slightly, so look at the copy",
    ),
    "tail": Text(
        "删除图片之后多余的 {bytes} 字节", "{bytes} bytes behind the picture were left out"
    ),
    "renamed": Text("文件名由“{before}”改为“{after}”", "renamed from '{before}' to '{after}'"),
}
"""Code → what was done; a name in braces is a value."""


@attrs.frozen
class Change:
    """One thing that was done to a picture.

    Arguments:
        code: what, a key of `TEXTS`.
        values: what the text names.

    >>> Change("dpi", {"dpi": "350"}).message("en")
    'resolution set to 350 dpi'
    """

    code: str
    values: Mapping[str, str | Text] = attrs.field(factory=dict, hash=False)

    def message(self, lang: str = "zh") -> str:
        """What was done, in a sentence."""
        return TEXTS[self.code].get(lang).format_map(self.words(lang))

    def words(self, lang: str) -> dict[str, str]:
        """The values in one language."""
        return {
            name: value.get(lang) if isinstance(value, Text) else value
            for name, value in self.values.items()
        }
