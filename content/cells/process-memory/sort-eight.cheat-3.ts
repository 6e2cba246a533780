//zh data 与 bss 不分
//en does not tell data from bss
const places = {
  "&limit": "data",
  "&table": "data",
  "&names[0]": "data",
  "unsafe.StringData(names[0])": "rodata",
  "&cache": "data",
  "&cache[0]": "heap",
  helper: "text",
  p: "stack",
};
table(Object.entries(places));
