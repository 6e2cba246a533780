//zh 填上：text、rodata、data、bss、heap、stack
//en fill in: text, rodata, data, bss, heap or stack
const places = {
  "&limit": "?",
  "&table": "?",
  "&names[0]": "?",
  "unsafe.StringData(names[0])": "?",
  "&cache": "?",
  "&cache[0]": "?",
  helper: "?",
  p: "?",
};
table(Object.entries(places));
