import { VERSION } from "@islet/pipeline";
import { createRoot } from "react-dom/client";

createRoot(document.getElementById("root")!).render(<h1>Islet {VERSION}: research use only</h1>);
