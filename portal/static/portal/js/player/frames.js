// Times in seconds, frames counted from 0. Frame n is shown from n / rate on; its middle is where
// one seeks to, for an edge rounds to either side.
export const readRate = (text) => {
  const [frames, seconds = 1] = text.split("/").map(Number);
  return frames / seconds || 0;
};

export const frameAt = (seconds, rate) => Math.floor(seconds * rate + 1e-3);

export const middleOf = (frame, rate) => (frame + 0.5) / rate;

export const clamp = (value, least, most) => Math.min(Math.max(value, least), most);

// 83.456 is "1:23.45": cut off, as clocks do, so that no second shows before it has come.
export const clock = (seconds) => {
  const hundredths = Math.floor(seconds * 100 + 1e-6);
  const rest = ((hundredths % 6000) / 100).toFixed(2).padStart(5, "0");
  return `${Math.floor(hundredths / 6000)}:${rest}`;
};
