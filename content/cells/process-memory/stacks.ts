//zh 真实的 Go：一万个停着的 goroutine
//en the real Go: ten thousand goroutines that wait
const { values } = recorded("facts-1", "F9");
const { goroutines, stackInuse, each } = values;
table([{ goroutines, StackInuse: stackInuse, each }]);
