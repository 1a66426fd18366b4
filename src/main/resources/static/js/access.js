"use strict";

// With what htmx proves that a request was made by a page of here.
document.addEventListener("htmx:configRequest", function (event) {
  var header = document.querySelector("meta[name=csrf-header]");
  var token = document.querySelector("meta[name=csrf-token]");
  if (header && token) {
    event.detail.headers[header.content] = token.content;
  }
});
