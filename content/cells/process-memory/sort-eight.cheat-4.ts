//zh 以为数组跟着切片头
//en takes the array to lie where its header does
const places = {
  "&limit": "data",
  "&table": "bss",
  "&names[0]": "data",
  "unsafe.StringData(names[0])": "rodata",
  "&cache": "bss",
  "&cache[0]": "bss",
  helper: "text",
  p: "stack",
};
table(Object.entries(places));
