// Where the picture lies on the stage, in its pixels: less than the stage where bars are beside it,
// more where it is cut off or scrolled.
export function pictureBox({ stage, video }) {
  const place = stage.getBoundingClientRect();
  const box = video.getBoundingClientRect();
  const shape = shapeOf(video);
  const isCut = getComputedStyle(video).objectFit === "cover";
  const isWide = box.width / box.height > shape;
  const width = isWide === isCut ? box.width : box.height * shape;
  const height = width / shape;
  return {
    left: box.left - place.left + stage.scrollLeft - stage.clientLeft + (box.width - width) / 2,
    top: box.top - place.top + stage.scrollTop - stage.clientTop + (box.height - height) / 2,
    width,
    height,
  };
}

const shapeOf = (video) =>
  video.videoWidth ? video.videoWidth / video.videoHeight : video.width / video.height;
