//zh 以为包级变量都在堆上
//en takes package-level variables to be on the heap
const places = {
  "&limit": "heap",
  "&table": "heap",
  "&names[0]": "heap",
  "unsafe.StringData(names[0])": "rodata",
  "&cache": "heap",
  "&cache[0]": "heap",
  helper: "text",
  p: "heap",
};
table(Object.entries(places));
