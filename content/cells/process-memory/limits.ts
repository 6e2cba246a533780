//zh 真实的编译器：go build -gcflags=-m 怎么说
//en the real compiler: what go build -gcflags=-m says
const { values } = recorded("facts-1", "F8");
const rows = Object.entries(values);
table(rows, { columns: ["", "-m"] });
