// Runs programs and a shell on descriptors of its own.
#:project .
#:property PublishAot=false
using Kuid.Client.Coprocess;

using CoprocessSession session = await CoprocessSession.OpenAsync(args[0]);
await session.SetVariableAsync("GREETING", "hello");
int status = await session.RunAsync(["sh", "-c", "echo $GREETING; exit 3"], CoprocessStdio.Own);
Console.WriteLine($"it exited with {status >> 8}");

await session.EvaluateAsync("cd /usr; x=kept", CoprocessStdio.Own);
await session.EvaluateAsync("echo $x in $PWD", CoprocessStdio.Own);
