// The page of one text: #c10-35 opens at those characters, and the marked spot comes into view.
const place = /^#c(\d+)-(\d+)$/.exec(location.hash);
if (place) location.replace(`${location.pathname}?start=${place[1]}&end=${place[2]}#quote`);
document.getElementById("quote")?.scrollIntoView({ block: "center" });
